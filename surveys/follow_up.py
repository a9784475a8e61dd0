"""Following up: messages whose receipt never came are asked about at the provider, by its own id.

At growing waits, a few times each and a batch at a time. What the provider says moves a message
forward as its receipt would have; a receipt that comes after all finds it there already.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.message import Message
from surveys import progress
from surveys.channels.gateway import Found, GatewayUnavailable
from surveys.locking import lock
from surveys.overdue import WAITS, given_up, next_look
from surveys.services import Services

log = logging.getLogger(__name__)

MOST = 100
HELD = timedelta(minutes=5)
"""A crash, or a provider that does not answer, costs this wait and no try."""


@dataclass(frozen=True)
class _Overdue:
    message_id: int
    provider_id: str
    account: str | None


def follow_up(session: Session, services: Services, now: datetime, limit: int = MOST) -> int:
    """Ask about a batch of messages whose receipt is overdue, and move them on. Commits.

    An account that does not answer is asked once and left alone until later. Always 0: the next
    batch is the clock's to hand out, at its pace, for the provider has a limit of its own.
    """
    silent = set[str | None]()
    for overdue in _claim(session, services.gateway.name, now, limit):
        if overdue.account in silent:
            continue
        try:
            found = services.gateway.status(overdue.provider_id, overdue.account)
        except GatewayUnavailable as error:
            log.warning("the provider can't be asked about messages: %s", error)
            silent.add(overdue.account)
            continue
        _conclude(session, overdue, found, now)
    return 0


def _claim(session: Session, provider: str, now: datetime, limit: int) -> Sequence[_Overdue]:
    first = (
        select(Message.id)
        .where(Message.follow_at <= now, Message.provider == provider)
        .order_by(Message.follow_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("overdue")
    )
    rows = session.execute(
        update(Message)
        .where(Message.id.in_(select(first.c.id)))
        .values(follow_at=now + HELD)
        .returning(Message.id, Message.provider_id, Message.account)
        .execution_options(synchronize_session=False)
    ).all()
    session.commit()
    return [_Overdue(row.id, row.provider_id, row.account) for row in rows if row.provider_id]


def _conclude(session: Session, overdue: _Overdue, found: Found | None, now: datetime) -> None:
    """Move the message on as a receipt would; count the try where there is nothing new."""
    message = lock(session, Message, overdue.message_id)
    if message is not None and message.provider_id == overdue.provider_id:
        asked = len(WAITS) if found is None else message.asked + 1
        message.asked = asked
        session.flush()
        moved = found is not None and progress.apply(
            session, message, found.status, found.error_code, now
        )
        if not moved:
            message.follow_at = next_look(message.status, asked, now)
        if given_up(message.status, asked):
            log.warning("message %d: no receipt ever came", message.id)
    session.commit()
