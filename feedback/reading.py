"""Comments in batches to nlp, readings back into their rows; killed half-way, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from feedback.corrections.rows import lay_over
from feedback.reading_rows import columns, mention_rows
from models.reading import Comment, Mention
from nlp.reading import CommentText, Reading

BATCH = 512
CLAIM = timedelta(minutes=5)


class Reads(Protocol):
    """Understands comments; `nlp.reader.Reader` does."""

    def read(self, comments: Sequence[CommentText]) -> list[Reading]:
        """One reading a comment, in order."""


@dataclass(frozen=True)
class Claimed:
    """What must still be true of a comment when its reading comes back."""

    id: int
    workspace_id: int
    response_id: int | None
    text: str
    text_hash: str
    question: str | None
    reread_at: datetime | None


def unclaimed(now: datetime) -> ColumnElement[bool]:
    """Comments that nobody reads at the moment."""
    return or_(Comment.claimed_until.is_(None), Comment.claimed_until < now)


def _free(session: Session, which: ColumnElement[bool], now: datetime, limit: int) -> list[Claimed]:
    query = (
        select(
            Comment.id,
            Comment.workspace_id,
            Comment.response_id,
            Comment.text,
            Comment.text_hash,
            Comment.question,
            Comment.reread_at,
        )
        .where(which, unclaimed(now))
        .order_by(Comment.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Claimed(*row) for row in session.execute(query)]


def _claim(session: Session, now: datetime, limit: int) -> list[Claimed]:
    """Take comments nobody else reads, and commit, so that no lock is held while reading.

    History that is to be read again comes after all that nobody has read yet.
    """
    waiting, marked = Comment.read_state == "waiting", Comment.reread_at.is_not(None)
    claimed = _free(session, waiting, now, limit) or _free(session, marked, now, limit)
    if claimed:
        session.execute(
            update(Comment)
            .where(Comment.id.in_([comment.id for comment in claimed]))
            .values(claimed_until=now + CLAIM)
            .execution_options(synchronize_session=False)
        )
    session.commit()
    return claimed


def _save(session: Session, comment: Claimed, reading: Reading, now: datetime) -> bool:
    """Write one reading unless the words changed meanwhile; then they wait to be read again.

    A comment that somebody else has read again meanwhile stays as it is, too.
    """
    owed = Comment.reread_at.is_not_distinct_from(comment.reread_at)
    if comment.reread_at is None:
        owed = Comment.read_state == "waiting"
    unchanged = (Comment.id == comment.id) & (Comment.text_hash == comment.text_hash) & owed
    written = session.connection().execute(
        update(Comment).where(unchanged).values(**columns(reading, now))
    )
    return written.rowcount == 1


def read_waiting(
    session: Session, reader: Reads, now: Callable[[], datetime], limit: int = BATCH
) -> int:
    """Read a batch of waiting comments and store what was understood; comments read."""
    claimed = _claim(session, now(), limit)
    if not claimed:
        return 0
    readings = reader.read([CommentText(c.text, c.question) for c in claimed])
    read_at = now()
    mentions: list[dict[str, Any]] = []
    written: list[int] = []
    for comment, reading in zip(claimed, readings, strict=True):
        if _save(session, comment, reading, read_at):
            written.append(comment.id)
            owner = (comment.workspace_id, comment.id, comment.response_id)
            mentions += mention_rows(owner, reading)
    session.execute(delete(Mention).where(Mention.comment_id.in_(written)))
    if mentions:
        session.execute(insert(Mention), mentions)
    lay_over(session, written)
    session.commit()
    return len(claimed)
