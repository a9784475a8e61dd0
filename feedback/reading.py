"""Comments in batches to nlp, readings back into their rows; killed half-way, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

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


def _claim(session: Session, now: datetime, limit: int) -> list[Claimed]:
    """Take comments nobody else reads, and commit, so that no lock is held while reading."""
    free = or_(Comment.claimed_until.is_(None), Comment.claimed_until < now)
    query = (
        select(
            Comment.id,
            Comment.workspace_id,
            Comment.response_id,
            Comment.text,
            Comment.text_hash,
            Comment.question,
        )
        .where(Comment.read_state == "waiting", free)
        .order_by(Comment.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = [Claimed(*row) for row in session.execute(query)]
    if claimed:
        session.execute(
            update(Comment)
            .where(Comment.id.in_([comment.id for comment in claimed]))
            .values(claimed_until=now + CLAIM)
            .execution_options(synchronize_session=False)
        )
    session.commit()
    return claimed


def _columns(reading: Reading, now: datetime) -> dict[str, Any]:
    return {
        "read_state": "read" if reading.read else "not_read",
        "claimed_until": None,
        "read_at": now,
        "model": reading.model,
        "language": reading.language[:8],
        "sentiment": reading.sentiment,
        "sentiment_score": reading.sentiment_score,
        "probabilities": reading.probabilities,
        "emotions": reading.emotions,
        "themes": reading.themes,
        "urgency": reading.urgency,
    }


def _save(session: Session, comment: Claimed, reading: Reading, now: datetime) -> bool:
    """Write one reading unless the words changed meanwhile; then they wait to be read again."""
    unchanged = (
        (Comment.id == comment.id)
        & (Comment.text_hash == comment.text_hash)
        & (Comment.read_state == "waiting")
    )
    written = session.connection().execute(
        update(Comment).where(unchanged).values(**_columns(reading, now))
    )
    return written.rowcount == 1


def _mention_rows(comment: Claimed, reading: Reading) -> list[dict[str, Any]]:
    owner = {
        "workspace_id": comment.workspace_id,
        "comment_id": comment.id,
        "response_id": comment.response_id,
    }
    return [
        {
            **owner,
            "start": mention.start,
            "end": mention.end,
            "theme": mention.theme,
            "sentiment": mention.sentiment,
            "sentiment_score": mention.sentiment_score,
        }
        for mention in reading.mentions
    ]


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
            mentions += _mention_rows(comment, reading)
    session.execute(delete(Mention).where(Mention.comment_id.in_(written)))
    if mentions:
        session.execute(insert(Mention), mentions)
    session.commit()
    return len(claimed)
