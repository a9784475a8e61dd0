"""“Not this”: a person says that a stretch does not speak of a theme, and the theme learns it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from feedback.corrections.apply import REMOVED, Change
from feedback.corrections.record import correct, undo
from feedback.themes.check import FEWEST_WORDS, LONGEST_EXAMPLE
from feedback.themes.own import add_counter, forget_example
from feedback.themes.rows import find_own, own_keys
from models.errors import NotFound
from models.reading import Comment
from models.workspace import User


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters [start, end) of a comment that were found to speak of a theme."""

    comment_id: int
    start: int
    end: int
    theme: str


@dataclass(frozen=True, slots=True)
class Taught:
    """What was written: corrections, and the counter-example of an own theme."""

    corrections: tuple[int, ...]
    example: int | None


def not_this(session: Session, by: User, stretch: Stretch, seen: str, now: datetime) -> Taught:
    """Take a mention out, and teach an own theme by it; commits. `seen`: the words' hash.

    A built-in theme learns from corrections when the model is trained, not here.
    """
    comment = session.get(Comment, stretch.comment_id)
    if comment is None or comment.workspace_id != by.workspace_id:
        raise NotFound("there is no such comment", mend="Choose one from the theme's page.")
    example = None
    if stretch.theme in own_keys(session, by.workspace_id) and comment.text_hash == seen:
        theme = find_own(session, by.workspace_id, stretch.theme)
        words = _words(comment.text, stretch.start, stretch.end)
        example = add_counter(session, theme, words, comment.id, now)
    change = Change(REMOVED, None, stretch.start, stretch.end, stretch.theme)
    made = correct(session, by, comment.id, seen, [change], now)
    return Taught(tuple(made), example.id if example else None)


def take_back(
    session: Session,
    by: User,
    key: str,
    comment_id: int,
    corrections: Collection[int],
    example: int | None,
    now: datetime,
) -> None:
    """Undo a “not this”; commits."""
    if example is not None and key in own_keys(session, by.workspace_id):
        forget_example(session, find_own(session, by.workspace_id, key), example, now)
    undo(session, by, comment_id, corrections, now)


def _words(text: str, start: int, end: int) -> str:
    """The stretch, or the whole comment where the stretch says too little by itself."""
    part = text[start:end].strip()
    return (part if len(part.split()) >= FEWEST_WORDS else text.strip())[:LONGEST_EXAMPLE]
