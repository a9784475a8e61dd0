"""Urgent comments that somebody dealt with: marked, and opened again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from models.errors import NotFound
from models.handled import Handled
from models.reading import Comment
from models.workspace import User
from surveys.upsert import insert_into


@dataclass(frozen=True)
class Dealt:
    """Who dealt with a comment, and when; the name is empty where that person left."""

    who: str
    at: datetime


def handle(session: Session, by: User, comment_id: int, now: datetime) -> None:
    """Note that somebody dealt with a comment, and commit; the first to say so is kept."""
    comment = _find(session, by, comment_id)
    values = {"user_id": by.id, "handled_at": now, "text_hash": comment.text_hash}
    row = {"comment_id": comment.id, "workspace_id": comment.workspace_id, **values}
    insert = insert_into(session, Handled).values(row)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["comment_id"],
            set_=values,
            where=Handled.text_hash != comment.text_hash,
        )
    )
    session.commit()


def reopen(session: Session, by: User, comment_id: int) -> None:
    """Have a comment wait for somebody again, and commit."""
    comment = _find(session, by, comment_id)
    session.execute(delete(Handled).where(Handled.comment_id == comment.id))
    session.commit()


def dealt(session: Session, comment: Comment) -> Dealt | None:
    """Who dealt with a comment; None while it is open."""
    query = (
        select(Handled.handled_at, User.email)
        .outerjoin(User, User.id == Handled.user_id)
        .where(Handled.comment_id == comment.id, Handled.text_hash == comment.text_hash)
    )
    row = session.execute(query).first()
    return Dealt(row.email or "", row.handled_at) if row else None


def is_open() -> ColumnElement[bool]:
    """Comments that nobody has dealt with, as their words are now."""
    same = (Handled.comment_id == Comment.id) & (Handled.text_hash == Comment.text_hash)
    # said by hand: a list that shows who dealt with what has this table beside it too
    return ~select(Handled.comment_id).where(same).correlate(Comment).exists()


def needed() -> ColumnElement[bool]:
    """Comments that somebody should see to: urgent ones, and those that ask to be contacted."""
    return or_(Comment.urgent, Comment.wants_contact)


def open_urgent(session: Session, workspace_id: int, since: datetime) -> int:
    """How many comments since then need somebody and have nobody."""
    urgent = needed() & (Comment.workspace_id == workspace_id)
    wanted = urgent & (Comment.occurred_at >= since) & is_open()
    return session.scalar(select(func.count(Comment.id)).where(wanted)) or 0


def _find(session: Session, by: User, comment_id: int) -> Comment:
    found = session.get(Comment, comment_id)
    if found is None or found.workspace_id != by.workspace_id:
        raise NotFound("there is no such comment", mend="Choose one from the list.")
    return found
