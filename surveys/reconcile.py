"""Reconciling: unknown messages are looked up in the provider's own list, never sent blindly."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.message import Message
from models.status import MessageStatus
from surveys import progress
from surveys.channels.gateway import Found, GatewayUnavailable, Outgoing
from surveys.locking import lock
from surveys.outgoing import outgoing_of
from surveys.services import Services
from surveys.settling import send_again

log = logging.getLogger(__name__)

# The provider's list may trail behind what it accepted.
GRACE = timedelta(minutes=2)


@dataclass(frozen=True)
class _Unknown:
    outgoing: Outgoing
    attempted_at: datetime
    taken: frozenset[str]


def reconcile(session: Session, services: Services, now: datetime, limit: int = 50) -> int:
    """Look unknown messages up; how many are known again. Commits.

    A message found takes the provider's id and status. One that isn't there after the grace
    period was never accepted and waits to be sent again. When the list can't be read,
    nothing is concluded.
    """
    known = 0
    for account in _accounts(session, services.gateway.name):
        known += _of_account(session, services, account, now, limit)
    return known


def _of_account(
    session: Session, services: Services, account: str | None, now: datetime, limit: int
) -> int:
    """Those that one account was asked to take: the others' lists know nothing of them."""
    known = 0
    for unknown in _unknown(session, services.gateway.name, account, limit):
        try:
            found = services.gateway.find(unknown.outgoing, unknown.attempted_at, unknown.taken)
        except GatewayUnavailable as error:
            log.warning("the provider's list can't be read: %s", error)
            return known
        known += _conclude(session, unknown, found, now)
    return known


def _accounts(session: Session, provider: str) -> list[str | None]:
    """The accounts that have messages of unknown fate."""
    return list(session.scalars(select(Message.account).where(*_are_unknown(provider)).distinct()))


def _are_unknown(provider: str) -> tuple[ColumnElement[bool], ...]:
    unknown = Message.status == MessageStatus.UNKNOWN.value
    return unknown, Message.direction == "out", Message.provider == provider


def _unknown(session: Session, provider: str, account: str | None, limit: int) -> list[_Unknown]:
    rows = session.scalars(
        select(Message)
        .where(*_are_unknown(provider), Message.account.is_not_distinct_from(account))
        .order_by(Message.attempted_at)
        .limit(limit)
    ).all()
    listed = [
        _Unknown(
            outgoing_of(row),
            row.attempted_at or row.created_at,
            _taken(session, row),
        )
        for row in rows
    ]
    session.commit()
    return listed


def _taken(session: Session, message: Message) -> frozenset[str]:
    """The provider's ids that belong to our other messages to the same address."""
    others = select(Message.provider_id).where(
        Message.workspace_id == message.workspace_id,
        Message.address == message.address,
        Message.provider == message.provider,
        Message.id != message.id,
        Message.provider_id.is_not(None),
    )
    return frozenset(taken for taken in session.scalars(others) if taken)


def _conclude(session: Session, unknown: _Unknown, found: Found | None, now: datetime) -> bool:
    message = lock(session, Message, unknown.outgoing.message_id)
    done = False
    if message is not None and _still(message, unknown):
        if found is not None:
            progress.accepted(
                session, message, found.provider_id, found.status, found.error_code, now
            )
            done = True
        elif now >= unknown.attempted_at + GRACE:
            done = send_again(session, message, now)
    session.commit()
    return done


def _still(message: Message, unknown: _Unknown) -> bool:
    """Whether the row is as it was before the provider was asked."""
    same_try = message.attempts == unknown.outgoing.attempt
    return same_try and message.status == MessageStatus.UNKNOWN.value
