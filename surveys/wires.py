"""Which sender a message really leaves by: its exchange's own, or the fall-back in its place."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from models.message import Message


def own(sender: str) -> ColumnElement[bool]:
    """Messages of a sender's exchanges that leave by itself."""
    return and_(Message.sender == sender, Message.via.is_(None))


def leaves_by(wire: str) -> ColumnElement[bool]:
    """Messages that leave by a sender, or left by it, for whomever."""
    return or_(own(wire), Message.via == wire)


def last_via(session: Session, workspace_id: int, sender: str, address: str) -> str | None:
    """The fall-back, where the last message between a sender and an address went by it."""
    return session.scalar(
        select(Message.via)
        .where(
            Message.workspace_id == workspace_id,
            Message.address == address,
            Message.sender == sender,
        )
        .order_by(Message.id.desc())
        .limit(1)
    )
