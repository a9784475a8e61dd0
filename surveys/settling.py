"""Settling: what a provider answered to one attempt, written down once."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import assert_never

from sqlalchemy.orm import Session

from models.invitation import Invitation
from models.message import Message
from models.status import InvitationStatus, MessageStatus, move
from surveys import progress
from surveys.channels.gateway import Accepted, Outcome, Refused, RetryLater, Unknown
from surveys.claims import Claim
from surveys.locking import lock

REPLY_WINDOW = timedelta(hours=12)
FIRST_WAIT, LONGEST_WAIT = 5.0, 900.0
GAVE_UP = "gave_up"


def settle(session: Session, claim: Claim, outcome: Outcome, now: datetime) -> None:
    """Record the outcome of an attempt, unless a later one has begun meanwhile. Commits."""
    message = lock(session, Message, claim.message_id)
    if message is not None and message.attempts == claim.attempt:
        _settle(session, message, outcome, now)
    session.commit()


def _settle(session: Session, message: Message, outcome: Outcome, now: datetime) -> None:
    if isinstance(outcome, Accepted):
        progress.accepted(
            session, message, outcome.provider_id, outcome.status, outcome.error_code, now
        )
    elif isinstance(outcome, Refused):
        progress.refused(session, message, outcome.code, outcome.opted_out, now)
    elif isinstance(outcome, RetryLater):
        _retry_later(session, message, outcome, now)
    elif isinstance(outcome, Unknown):
        _unknown(session, message, outcome, now)
    else:
        assert_never(outcome)


def _retry_later(session: Session, message: Message, outcome: RetryLater, now: datetime) -> None:
    """Try again after a growing wait, as long as it is worth it."""
    again = now + wait_before(message.id, message.attempts, outcome.after_seconds)
    if again >= _worth_until(session, message):
        progress.refused(session, message, GAVE_UP, False, now)
        return
    move(
        session,
        Message,
        message.id,
        MessageStatus.PENDING,
        not_before=again,
        error_code=outcome.code[:20],
        status_at=now,
        claimed_until=None,
    )


def wait_before(message_id: int, attempts: int, asked: float | None = None) -> timedelta:
    """5 s doubling to a quarter of an hour, spread by up to half, so that retries don't march.

    The spread depends on the message and the attempt alone. What the provider asked for is
    the least.
    """
    grown = min(FIRST_WAIT * 2.0 ** min(attempts - 1, 20), LONGEST_WAIT)
    spread = random.Random(f"{message_id}:{attempts}").uniform(0.5, 1.0)  # noqa: S311
    return timedelta(seconds=max(grown * spread, asked or 0.0))


def _worth_until(session: Session, message: Message) -> datetime:
    if message.kind == "invitation" and message.invitation_id is not None:
        return session.get_one(Invitation, message.invitation_id).expires_at
    return message.created_at + REPLY_WINDOW


def _unknown(session: Session, message: Message, outcome: Unknown, now: datetime) -> None:
    code = outcome.reason[:20]
    values = {"error_code": code, "status_at": now, "claimed_until": None}
    if not move(session, Message, message.id, MessageStatus.UNKNOWN, **values):
        return
    if message.kind == "invitation" and message.invitation_id is not None:
        move(session, Invitation, message.invitation_id, InvitationStatus.UNKNOWN, status_at=now)


def send_again(session: Session, message: Message, now: datetime) -> bool:
    """Back to pending: the provider's own list shows that it never took an unknown message."""
    if not move(session, Message, message.id, MessageStatus.PENDING, not_before=now, status_at=now):
        return False
    if message.kind == "invitation" and message.invitation_id is not None:
        # By way of `scheduled`, as the table has it: its message waits once more.
        for status in (InvitationStatus.SCHEDULED, InvitationStatus.SENDING):
            move(session, Invitation, message.invitation_id, status, status_at=now)
    return True
