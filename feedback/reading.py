"""Comments in batches to nlp, readings back into their rows; killed half-way, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from feedback.comment_claims import Claimed, claim
from feedback.corrections.rows import lay_over
from feedback.reading_rows import columns, mention_rows
from feedback.search import meanings
from feedback.spoken import expected_languages
from feedback.themes.rows import Version, learned
from models.reading import Comment, Mention
from nlp.meaning import Meaning
from nlp.reading import CommentText, Reading

BATCH = 512


class Reads(Protocol):
    """Understands comments; `nlp.reader.Reader` does."""

    def read(self, comments: Sequence[CommentText]) -> list[Reading]:
        """One reading a comment, in order."""


Beside = Callable[[Session, Collection[Version]], Reads]
"""The reader that finds what a workspace has learned too; may commit."""
Promoted = Callable[[Session, Collection[int], Mapping[int, Reads]], Mapping[int, Reads]]
"""The readers of workspaces that promoted heads of their own, over those they have besides."""


def _save(session: Session, comment: Claimed, reading: Reading, now: datetime) -> bool:
    """Write one reading unless the words changed meanwhile; then they wait to be read again.

    A comment that somebody else has read again meanwhile stays as it is, too.
    """
    owed = Comment.reread_at.is_not_distinct_from(comment.reread_at)
    if comment.reread_at is None:
        owed = Comment.read_state == "waiting"
    unchanged = (Comment.id == comment.id) & (Comment.text_hash == comment.text_hash) & owed
    written = session.connection().execute(
        update(Comment).where(unchanged).values(**columns(reading, comment.text, now))
    )
    return written.rowcount == 1


def read_waiting(
    session: Session,
    reader: Reads,
    now: Callable[[], datetime],
    limit: int = BATCH,
    beside: Beside | None = None,
    promoted: Promoted | None = None,
) -> int:
    """Read a batch of waiting comments and store what was understood; comments read.

    `beside` gives the reader for a workspace that has learned themes of its own, `promoted` those
    of workspaces with heads of their own.
    """
    claimed = claim(session, now(), limit)
    if not claimed:
        return 0
    workspaces = {comment.workspace_id for comment in claimed}
    known = learned(session, workspaces) if beside else {}
    readers = {id_: beside(session, versions) for id_, versions in known.items() if beside}
    readers |= promoted(session, workspaces, readers) if promoted else {}
    expected = expected_languages(session, [comment.id for comment in claimed])
    session.commit()
    readings = _understood(claimed, reader, readers, expected)
    read_at = now()
    mentions: list[dict[str, Any]] = []
    written: list[int] = []
    meant: dict[int, tuple[int, Meaning | None]] = {}
    for comment in claimed:
        if _save(session, comment, readings[comment.id], read_at):
            written.append(comment.id)
            meant[comment.id] = comment.workspace_id, readings[comment.id].meaning
            owner = (comment.workspace_id, comment.id, comment.response_id)
            mentions += mention_rows(owner, readings[comment.id])
    session.execute(delete(Mention).where(Mention.comment_id.in_(written)))
    if mentions:
        session.execute(insert(Mention), mentions)
    meanings.write(session, meant)
    lay_over(session, written)
    if beside:
        again = {
            id_ for id_, now_ in learned(session, workspaces).items() if now_ != known.get(id_)
        }
        _mark_again(session, written, again, read_at)
    session.commit()
    return len(claimed)


def _understood(
    claimed: Sequence[Claimed],
    reader: Reads,
    readers: Mapping[int, Reads],
    expected: Mapping[int, str],
) -> dict[int, Reading]:
    """The reading of each comment; workspaces without themes of their own share their batch."""
    parts: dict[int | None, list[Claimed]] = {}
    for comment in claimed:
        own = comment.workspace_id if comment.workspace_id in readers else None
        parts.setdefault(own, []).append(comment)
    found: dict[int, Reading] = {}
    for own, part in parts.items():
        chosen = reader if own is None else readers[own]
        readings = chosen.read(
            [CommentText(one.text, one.question, expected=expected.get(one.id)) for one in part]
        )
        found |= {one.id: reading for one, reading in zip(part, readings, strict=True)}
    return found


def _mark_again(
    session: Session, written: Sequence[int], workspaces: Collection[int], now: datetime
) -> None:
    """Have comments read again whose workspace learned a theme while they were being read."""
    if workspaces:
        missed = Comment.id.in_(written) & Comment.workspace_id.in_(workspaces)
        mark = update(Comment).where(missed).values(reread_at=now)
        session.execute(mark.execution_options(synchronize_session=False))
