"""Settling: what a provider answered to one attempt, written down once."""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from sqlalchemy.orm import Session

from models.invitation import Invitation
from models.message import Message
from models.status import InvitationStatus, MessageStatus, move
from surveys import progress
from surveys.accepting import accept_all
from surveys.channels.errors import Group, known
from surveys.channels.gateway import Accepted, Outcome, Refused, RetryLater, Unknown
from surveys.claims import Claim
from surveys.locking import lock
from surveys.pacing import ALARM_PAUSE
from surveys.retries import worth_until

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 5.0, 900.0
GAVE_UP = "gave_up"


def settle_all(session: Session, pairs: Sequence[tuple[Claim, Outcome]], now: datetime) -> None:
    """Record the outcomes of attempts, unless a later one of a message has begun. Commits.

    Those that were simply accepted, as nearly all are, are written by three statements; all
    others, and all where a receipt was faster, one by one.
    """
    plain = [(claim, outcome) for claim, outcome in pairs if _is_plain(outcome)]
    if not accept_all(session, plain, now):
        plain = []
    written = {claim.message_id for claim, _ in plain}
    for claim, outcome in pairs:
        if claim.message_id not in written:
            settle(session, claim, outcome, now)


def _is_plain(outcome: Outcome) -> bool:
    return (
        isinstance(outcome, Accepted)
        and outcome.error_code is None
        and outcome.status in progress.WAITING_THERE
    )


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
        _refused(session, message, outcome, now)
    elif isinstance(outcome, RetryLater):
        _retry_later(session, message, outcome, now)
    elif isinstance(outcome, Unknown):
        _unknown(session, message, outcome, now)
    else:
        assert_never(outcome)


def _refused(session: Session, message: Message, outcome: Refused, now: datetime) -> None:
    """Failed for good, but where it is the sender's fault: that the team may still mend."""
    group = known(outcome.code).group
    if group in (Group.SENDER, Group.MESSAGE):
        log.error("message %d can't be sent: error %s", message.id, outcome.code)
    if group is Group.SENDER:
        later = RetryLater(outcome.code, ALARM_PAUSE.total_seconds())
        _retry_later(session, message, later, now)
    else:
        progress.refused(session, message, outcome.code, outcome.opted_out, now)


def _retry_later(session: Session, message: Message, outcome: RetryLater, now: datetime) -> None:
    """Try again after a growing wait, as long as it is worth it."""
    again = now + wait_before(message.id, message.attempts, outcome.after_seconds)
    if again >= worth_until(session, message):
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
