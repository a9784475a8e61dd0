"""History read again by a new model: comments are marked, and the reading lane does the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from models.reading import Comment

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Remaining:
    """How many comments wait to be read again, and how many nobody marked though they are old."""

    marked: int
    unmarked: int


def _of_another(workspace_id: int, model: str) -> ColumnElement[bool]:
    """Comments whose reading is another model's; what waits to be read is not among them."""
    return (
        (Comment.workspace_id == workspace_id)
        & Comment.reread_at.is_(None)
        & (Comment.read_state != "waiting")
        & (Comment.model != model)
    )


def mark(
    session: Session,
    workspace_id: int,
    model: str,
    now: datetime,
    progress: Callable[[int], None] = lambda done: None,
    batch: int = BATCH,
) -> int:
    """Mark the comments whose reading is not of `model`, some thousands a commit; how many.

    Killed half-way, the next call marks the rest; called twice, it marks nothing.
    """
    done, last = 0, 0
    wanted = _of_another(workspace_id, model)
    while True:
        query = select(Comment.id).where(wanted, Comment.id > last).order_by(Comment.id)
        ids = session.scalars(query.limit(batch)).all()
        if not ids:
            session.commit()
            return done
        marked = session.connection().execute(
            update(Comment).where(Comment.id.in_(ids), wanted).values(reread_at=now)
        )
        session.commit()
        done, last = done + marked.rowcount, ids[-1]
        progress(done)


def remaining(session: Session, workspace_id: int, model: str) -> Remaining:
    """How far the reading again of a workspace's history is."""
    count = select(func.count(Comment.id))
    marked = count.where(Comment.workspace_id == workspace_id, Comment.reread_at.is_not(None))
    unmarked = count.where(_of_another(workspace_id, model))
    return Remaining(session.scalar(marked) or 0, session.scalar(unmarked) or 0)


def mark_newest(
    session: Session, workspace_id: int, below: int, now: datetime, batch: int = BATCH
) -> tuple[int, int | None]:
    """Mark the newest comments with an id below this one, whatever model read them.

    How many, and the id to go on below; None when none is left. What is being read at the
    moment is marked as well: whoever reads it may not know yet why it is to be read again.
    Commits nothing.
    """
    wanted = (Comment.workspace_id == workspace_id) & (
        (Comment.read_state == "read") | Comment.claimed_until.is_not(None)
    )
    query = select(Comment.id).where(wanted, Comment.id < below).order_by(Comment.id.desc())
    ids = session.scalars(query.limit(batch)).all()
    if ids:
        mark = update(Comment).where(Comment.id.in_(ids), wanted)
        session.connection().execute(mark.values(reread_at=now, claimed_until=None))
    return len(ids), ids[-1] if len(ids) == batch else None
