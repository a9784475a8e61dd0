"""Corrected comments as lessons, and comments beside them that nobody corrected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.corrections.apply import MENTIONS, NOT_URGENT, REMOVED, SENTIMENT, Change, corrected
from feedback.corrections.apply import URGENT as SAID_URGENT
from feedback.corrections.reading import PERSON, Reading
from feedback.corrections.rows import corrections_of, own, standing
from models.correction import Correction
from models.reading import Comment
from nlp.adapting.lesson import FEELING, Lesson, Place
from nlp.labels import URGENT
from nlp.reading import CommentText

OTHERS = 400
NEWEST = 2000
"""Of these, evenly, so many comments nobody corrected stand beside the lessons."""
MOST_LESSONS = 5000
"""The newest corrected comments; more take minutes and add little."""
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Material:
    """What there is to learn from: lessons, others by id, and when each lesson was first said."""

    lessons: tuple[Lesson, ...]
    others: tuple[tuple[int, CommentText], ...]
    said_at: Mapping[int, datetime]
    learned_to: datetime | None


def material(session: Session, workspace_id: int) -> Material:
    """The corrected comments of a workspace, and a sample of the others."""
    ids = select(Correction.comment_id).where(Correction.workspace_id == workspace_id)
    wanted = list(session.scalars(ids.distinct().order_by(Correction.comment_id.desc())))
    lessons, said_at, newest = [], {}, None
    for start in range(0, min(len(wanted), MOST_LESSONS), _BATCH):
        part = wanted[start : start + _BATCH]
        rows = corrections_of(session, part)
        for comment in session.scalars(select(Comment).where(Comment.id.in_(part))):
            times = [row.created_at for row in rows[comment.id]]
            newest = max([*times, newest] if newest else times)
            changes = standing(rows[comment.id], comment.text_hash)
            if changes and comment.read_state != "waiting":
                lessons.append(lesson(comment, own(session, comment), changes))
                said_at[comment.id] = min(times)
    lessons.sort(key=lambda one: one.key)
    return Material(tuple(lessons), _others(session, workspace_id, set(wanted)), said_at, newest)


def lesson(comment: Comment, said: Reading, changes: Iterable[Change]) -> Lesson:
    """What people made of a comment's reading."""
    listed = list(changes)
    counts = corrected(said, listed)
    places = [
        Place(one.start, one.end, one.theme, one.sentiment)
        for one in counts.mentions
        if one.source == PERSON
    ]
    places += [
        Place(one.start, one.end, one.theme, None)
        for one in listed
        if one.kind == REMOVED or (one.kind in MENTIONS and one.new_theme not in (None, one.theme))
    ]
    return Lesson(
        comment.id,
        CommentText(comment.text, comment.question),
        counts.sentiment,
        frozenset(counts.themes),
        counts.urgent,
        frozenset(_spoken(listed, counts)),
        counts.confirmed,
        tuple(places),
    )


def _spoken(changes: Iterable[Change], counts: Reading) -> Iterable[str]:
    """What people spoke of themselves; confirming speaks of all that was found."""
    for change in changes:
        if change.kind == SENTIMENT:
            yield FEELING
        elif change.kind in (SAID_URGENT, NOT_URGENT):
            yield URGENT
        elif change.kind in MENTIONS:
            yield from change.about
    if counts.confirmed:
        yield from (FEELING, *counts.themes)
        if counts.urgent:
            yield URGENT


def _others(
    session: Session, workspace_id: int, spoken_of: set[int]
) -> tuple[tuple[int, CommentText], ...]:
    """An even sample of the newest comments that were read and that nobody spoke of."""
    mine = (Comment.workspace_id == workspace_id) & (Comment.read_state == "read")
    newest = select(Comment.id).where(mine).order_by(Comment.id.desc()).limit(NEWEST)
    ids = sorted(set(session.scalars(newest)) - spoken_of)
    step = max(1, -(-len(ids) // OTHERS))
    columns = select(Comment.id, Comment.text, Comment.question)
    rows = session.execute(columns.where(Comment.id.in_(ids[::step])).order_by(Comment.id))
    return tuple((row.id, CommentText(row.text, row.question)) for row in rows)
