"""Which messages of a sender leave next: replies first; workspaces that share it take turns."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from models.message import Message
from models.status import MessageStatus
from surveys.outbox import INVITATION
from surveys.pauses import workspaces_at_rest
from surveys.taking_turns import Queue, take, word

KIND = "send"


def first_in_line(
    session: Session, mine: ColumnElement[bool], now: datetime, most: int
) -> list[int]:
    """The messages to claim next of those that are a sender's, at most so many.

    Replies go before invitations, whoever's they are: somebody waits for them.
    """
    waits = _waits(session, mine, now)
    first = session.execute(
        select(Message.id, Message.priority)
        .where(waits)
        .order_by(Message.priority, Message.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    replies = [row.id for row in first if row.priority < INVITATION]
    if len(first) < most or len(replies) == most:
        return [row.id for row in first]
    invitations = _queue(and_(waits, Message.priority >= INVITATION))
    return replies + take(session, invitations, now, most - len(replies))


def _waits(session: Session, mine: ColumnElement[bool], now: datetime) -> ColumnElement[bool]:
    """Messages that may leave now, of workspaces that don't rest."""
    ready = or_(Message.not_before.is_(None), Message.not_before <= now)
    waits = and_(Message.status == word(MessageStatus.PENDING.value), mine, ready)
    resting = workspaces_at_rest(session, KIND)
    return and_(waits, Message.workspace_id.not_in(resting)) if resting else waits


def _queue(waits: ColumnElement[bool]) -> Queue:
    return Queue(
        kind=KIND,
        row_id=Message.id,
        workspace_id=Message.workspace_id,
        since=Message.created_at,
        order=(Message.priority, Message.id),
        waits=lambda now: waits,
    )
