"""A comment's page in words: its clauses, the themes to choose from, and who corrected what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.corrections.reading import Reading
from feedback.corrections.rows import confirmed
from feedback.pages.theme_names import theme_name as theme
from feedback.pages.words import status
from feedback.themes.catalogue import Catalogue
from models.correction import Correction
from models.reading import Comment
from models.workspace import User
from nlp.clauses import clauses
from nlp.redaction import redactions, without
from nlp.text import clean

LONGEST = 80
OF_ALL: Mapping[str, str] = {
    "urgent": "Needs somebody today",
    "not_urgent": "Needs nobody today",
    "confirmed": "Confirmed as right, all of it",
}
"""What is said of a comment as a whole, besides its sentiment."""
Quoted = Callable[[int, int], str]


@dataclass(frozen=True)
class Entry:
    """One correction as the page tells it; `undo` is its id while it can be taken back alone,
    `stands` while it counts.
    """

    who: str
    at: datetime
    words: str
    undo: int | None
    note: str
    stands: int | None = None


def quoter(text: str) -> Quoted:
    """Stretches of a comment as they may be shown; its personal data is looked for once."""
    found = redactions(text)

    def quoted(start: int, end: int) -> str:
        words = " ".join(without(text, found, start, end).split())
        return f"“{words if len(words) <= LONGEST else words[:LONGEST].rstrip() + '…'}”"

    return quoted


def stretches(text: str, quoted: Quoted) -> list[tuple[str, str]]:
    """What a theme can be added to: the whole comment, then its clauses; (where, words)."""
    cleaned = clean(text)
    spans = [cleaned.original_span(*span) for span in clauses(cleaned.text)]
    whole = (f"0:{len(text)}", "The whole comment")
    if len(spans) < 2:
        return [whole]
    return [whole, *((f"{start}:{end}", quoted(start, end)) for start, end in spans)]


def theme_groups(reading: Reading, known: Catalogue) -> list[tuple[str, list[tuple[str, str]]]]:
    """The themes by area, for a select: (area, [(key, name)]); last those only this comment has.

    A theme that is hidden or counts as another is offered only where this comment has it.
    """
    groups = known.choices()
    offered = {key for _, listed in groups for key, _ in listed}
    other = sorted({one.theme for one in reading.mentions} - offered)
    return [*groups, ("Other", [(key, known.name(key)) for key in other])] if other else groups


def history(
    session: Session, comment: Comment, rows: Sequence[Correction], quoted: Quoted
) -> list[Entry]:
    """What people said of a comment's reading, newest first, with what was taken back."""
    users = select(User.id, User.email).where(User.id.in_({row.user_id for row in rows}))
    names: Mapping[int, str] = dict(session.execute(users).all())
    undone = {row.undoes_id: row for row in rows if row.undoes_id is not None}
    said = [row for row in rows if row.undoes_id is None]
    kept = confirmed(rows, comment.text_hash) or 0
    return [
        _entry(
            row,
            undone.get(row.id),
            names,
            quoted if row.text_hash == comment.text_hash else None,
            part=row.id < kept,
        )
        for row in reversed(said)
    ]


def _entry(
    row: Correction,
    undone: Correction | None,
    names: Mapping[int, str],
    quoted: Quoted | None,
    part: bool,
) -> Entry:
    """One row in words; without `quoted`, it was said of words that are no more.

    `part` of what somebody confirmed since, it can't be taken back alone.
    """
    note = ""
    if undone is not None:
        note = f"Taken back by {_who(undone, names)}"
    elif quoted is None:
        note = "Said of earlier words, so it does not count"
    elif part:
        note = "Part of what was confirmed as right"
    undo = None if note else row.id
    stands = row.id if part and quoted and undone is None else undo
    return Entry(_who(row, names), row.created_at, _words(row, quoted), undo, note, stands)


def _who(row: Correction, names: Mapping[int, str]) -> str:
    return names.get(row.user_id or 0, "somebody who left")


def _words(row: Correction, quoted: Quoted | None) -> str:
    felt, was = _feeling(row.sentiment), _feeling(row.was)
    if row.kind == "sentiment":
        return f"Sentiment: {_moved(was, felt)}"
    if row.kind in OF_ALL:
        return OF_ALL[row.kind]
    place = quoted(row.start or 0, row.end or 0) if quoted else "earlier words"
    before = theme(row.theme or "")
    if row.kind == "added":
        return f"Added {before}, {felt}, to {place}"
    if row.kind == "removed":
        return f"Took {before} out of {place}"
    after = theme(row.new_theme or "")
    themes = before if before == after else f"{before} → {after}"
    feelings = f", {_moved(was, felt)}" if was != felt else ""
    return f"{themes}{feelings}, in {place}"


def _moved(was: str, felt: str) -> str:
    return f"{was} → {felt}" if was else felt


def _feeling(sentiment: str | None) -> str:
    return status(sentiment)[1].lower() if sentiment else ""


def undoable(entries: Iterable[Entry], wanted: Iterable[int]) -> list[int]:
    """Which of some corrections can still be taken back, together if not alone."""
    still = {entry.stands for entry in entries}
    return [number for number in wanted if number in still]
