"""Messages that a provider simply took, written down together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CursorResult, bindparam, func, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.invitation import Invitation
from models.message import Message
from models.status import InvitationStatus, MessageStatus, sources
from surveys.channels.gateway import Accepted, Outcome
from surveys.claims import Claim
from surveys.conversations import SILENCE
from surveys.overdue import next_look
from surveys.progress import STATUSES

_TABLE = Message.__table__
_TOOK = (
    update(Message)
    .where(
        _TABLE.c.id == bindparam("message"),
        _TABLE.c.attempts == bindparam("attempt"),
        _TABLE.c.status == MessageStatus.SENDING.value,
        _TABLE.c.provider_id.is_(None),
    )
    .values(
        status=bindparam("to"),
        provider_id=bindparam("sid"),
        status_at=bindparam("at"),
        follow_at=bindparam("follow"),
        claimed_until=None,
        error_code=None,
    )
)


def accept_all(session: Session, pairs: Sequence[tuple[Claim, Outcome]], now: datetime) -> bool:
    """Write down that all of these were taken, with their invitations and exchanges. Commits.

    False, and nothing written, where one of them is not as it was claimed, or where somebody
    else holds what is to be written and waits for us.
    """
    if not pairs:
        return True
    try:
        whole = _messages(session, pairs, now)
        if whole:
            _follow(session, [claim for claim, _ in pairs], now)
            session.commit()
            return True
    except OperationalError:
        pass
    session.rollback()
    return False


def _messages(session: Session, pairs: Sequence[tuple[Claim, Outcome]], now: datetime) -> bool:
    rows = [
        {
            "message": claim.message_id,
            "attempt": claim.attempt,
            "to": STATUSES[outcome.status].value,
            "sid": outcome.provider_id,
            "at": now,
            "follow": next_look(STATUSES[outcome.status], 0, now, claim.waiting.address),
        }
        for claim, outcome in pairs
        if isinstance(outcome, Accepted)
    ]
    result = session.connection().execute(_TOOK, rows)
    return isinstance(result, CursorResult) and result.rowcount == len(pairs)


def _follow(session: Session, claims: Sequence[Claim], now: datetime) -> None:
    """An invitation goes with its first message, and the wait for an answer begins."""
    first = [
        claim.waiting.invitation_id
        for claim in claims
        if claim.waiting.kind == "invitation" and claim.waiting.invitation_id
    ]
    if first:
        session.execute(
            update(Invitation)
            .where(
                Invitation.id.in_(first),
                Invitation.status.in_(sources("invitations", InvitationStatus.SENT)),
            )
            .values(
                status=InvitationStatus.SENT.value,
                status_at=now,
                sent_at=func.coalesce(Invitation.sent_at, now),
            )
            .execution_options(synchronize_session=False)
        )
    talks = [claim.waiting.conversation_id for claim in claims if claim.waiting.conversation_id]
    if talks:
        session.execute(
            update(Conversation)
            .where(Conversation.id.in_(talks))
            .values(expires_at=now + SILENCE)
            .execution_options(synchronize_session=False)
        )
