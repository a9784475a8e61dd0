"""Which messages of a sender leave next: replies first; workspaces that share it take turns."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from models.message import Message
from models.status import MessageStatus
from surveys.channels.addresses import MAIL_SENDER
from surveys.outbox import INVITATION
from surveys.pauses import workspaces_at_rest
from surveys.taking_turns import Queue, since_when, take, word

KIND = "send"
PATIENCE = timedelta(minutes=1)
"""For so long a message may wait before no more are written after it."""


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


def ready(now: datetime) -> ColumnElement[bool]:
    """Messages that wait and may leave now."""
    due = or_(Message.not_before.is_(None), Message.not_before <= now)
    return and_(Message.status == word(MessageStatus.PENDING.value), due)


def _waits(session: Session, mine: ColumnElement[bool], now: datetime) -> ColumnElement[bool]:
    """A sender's messages that may leave now, of workspaces that don't rest."""
    waits = and_(ready(now), mine)
    resting = workspaces_at_rest(session, KIND)
    return and_(waits, Message.workspace_id.not_in(resting)) if resting else waits


def _queue(waits: ColumnElement[bool]) -> Queue:
    return replace(OUTBOX, waits=lambda now: waits)


OUTBOX = Queue(
    kind=KIND,
    row_id=Message.id,
    workspace_id=Message.workspace_id,
    since=Message.created_at,
    order=(Message.priority, Message.id),
    waits=ready,
)
# a mail server that is slow or away must keep nobody from being texted
_INVITATIONS = replace(
    OUTBOX,
    waits=lambda now: and_(
        ready(now), Message.priority >= INVITATION, Message.sender != MAIL_SENDER
    ),
)


def held_up(session: Session, now: datetime) -> frozenset[int]:
    """The workspaces whose invitations leave more slowly than they are written.

    Who is asked is decided anew until a message is written: what can't leave soon is better
    decided on later, by the hour and the facts of then.
    """
    waiting = since_when(session, _INVITATIONS, now)
    return frozenset(workspace_id for workspace_id, since in waiting if since < now - PATIENCE)
