"""Who asks why a comment was read so, and what was found: rows alone, no model is loaded."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from models.errors import Conflict
from models.explanation import Explanation
from models.reading import Comment
from surveys.upsert import insert_into


def ask(session: Session, comment: Comment, now: datetime) -> None:
    """Have the words behind a comment's reading weighed, unless they are or will be; commits."""
    if comment.read_at is None:
        message = "this comment is still waiting to be read, so there is nothing to explain"
        raise Conflict(message, mend="Try again in a minute.")
    if explanation_of(session, comment) is None:
        values = {
            "workspace_id": comment.workspace_id,
            "text_hash": comment.text_hash,
            "asked_at": now,
            "claimed_until": None,
            "done_at": None,
            "model": None,
            "words": None,
        }
        insert = insert_into(session, Explanation).values(comment_id=comment.id, **values)
        session.execute(insert.on_conflict_do_update(index_elements=["comment_id"], set_=values))
    session.commit()


def explanation_of(session: Session, comment: Comment) -> Explanation | None:
    """What was found, or that it was asked; None where nobody did since these words were read."""
    found = session.get(Explanation, comment.id, populate_existing=True)
    if found is None or found.text_hash != comment.text_hash or comment.read_at is None:
        return None
    late = found.done_at is not None and found.done_at < comment.read_at
    return None if late else found


def waiting(now: datetime) -> ColumnElement[bool]:
    """Questions that nobody works on."""
    free = or_(Explanation.claimed_until.is_(None), Explanation.claimed_until < now)
    return Explanation.done_at.is_(None) & free


def owed(session: Session, now: datetime) -> datetime | None:
    """Since when somebody waits for an explanation."""
    return session.scalar(select(func.min(Explanation.asked_at)).where(waiting(now)))
