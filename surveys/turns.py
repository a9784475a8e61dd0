"""Two quick messages are one turn: "9", and a moment later "because of the driver"."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.message import Message
from models.status import MessageStatus
from surveys.flow_types import Again, Step

QUICK = timedelta(seconds=20)


def goes_on(
    session: Session,
    conversation_id: int,
    inbound_id: int,
    latest: str | None,
    step: Step,
    now: datetime,
) -> bool:
    """Whether a message belongs to the one before it, and not to the question that is open.

    It does where that question has not reached the customer yet (`latest` is its status; one
    in flight may have been read), and where the message came right after another and doesn't
    read as an answer.
    """
    if latest == MessageStatus.PENDING.value:
        return True
    return isinstance(step.say, Again) and _quick(session, conversation_id, inbound_id, now)


def _quick(session: Session, conversation_id: int, inbound_id: int, now: datetime) -> bool:
    before = session.scalar(
        select(Message.created_at)
        .where(
            Message.conversation_id == conversation_id,
            Message.direction == "in",
            Message.id < inbound_id,
        )
        .order_by(Message.id.desc())
        .limit(1)
    )
    return before is not None and before > now - QUICK
