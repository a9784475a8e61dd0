"""Which comments are read next, each by one worker: new ones first, workspaces in turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from models.reading import Comment
from surveys.pauses import workspaces_at_rest
from surveys.taking_turns import Queue, take, word

CLAIM = timedelta(minutes=5)
"""How long a comment is a worker's."""


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


WAITING = Queue(
    kind="read",
    row_id=Comment.id,
    workspace_id=Comment.workspace_id,
    since=Comment.created_at,
    order=(Comment.id,),
    waits=lambda now: and_(Comment.read_state == word("waiting"), unclaimed(now)),
)


def _marked(session: Session, now: datetime, limit: int) -> list[int]:
    """History that is to be read again, its newest comments first: people look at those."""
    query = (
        select(Comment.id)
        .where(
            Comment.reread_at.is_not(None),
            unclaimed(now),
            Comment.workspace_id.not_in(workspaces_at_rest(session, WAITING.kind)),
        )
        .order_by(Comment.id.desc())
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(query))


def marked_since(session: Session, now: datetime) -> datetime | None:
    """Since when history waits to be read again."""
    return session.scalar(
        select(Comment.reread_at)
        .where(
            Comment.reread_at.is_not(None),
            unclaimed(now),
            Comment.workspace_id.not_in(workspaces_at_rest(session, WAITING.kind)),
        )
        .order_by(Comment.id.desc())
        .limit(1)
    )


def claim(session: Session, now: datetime, limit: int) -> list[Claimed]:
    """Take comments nobody else reads, and commit, so that no lock is held while reading.

    History that is to be read again comes after all that nobody has read yet.
    """
    taken = take(session, WAITING, now, limit) or _marked(session, now, limit)
    claimed = session.execute(
        update(Comment)
        .where(Comment.id.in_(taken))
        .values(claimed_until=now + CLAIM)
        .returning(
            *(Comment.id, Comment.workspace_id, Comment.response_id, Comment.text),
            *(Comment.text_hash, Comment.question, Comment.reread_at),
        )
        .execution_options(synchronize_session=False)
    ).all()
    session.commit()
    return sorted((Claimed(*row) for row in claimed), key=lambda comment: comment.id)
