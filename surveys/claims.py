"""Claims: which message is handed over next, and whether it still may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models.invitation import Invitation
from models.message import Message
from models.status import InvitationStatus, MessageStatus, move, sources
from surveys import consent, invitations
from surveys.channels.gateway import Outgoing
from surveys.conversations import abandon, find_open
from surveys.eligibility_facts import Consent, Rule

LEASE = timedelta(minutes=5)
# The law wants these answered even to somebody who opted out: they ask for nothing.
ALWAYS = ("stop", "help")
ASKING = ("invitation", "question", "again")
CANCELLED = InvitationStatus.CANCELLED.value
CALLED_OFF = (CANCELLED, InvitationStatus.SUPPRESSED.value)


@dataclass(frozen=True)
class Claim:
    """A message in this worker's hands; `attempt` tells this try from any other.

    `outgoing` is None where the message was held back instead.
    """

    message_id: int
    attempt: int
    outgoing: Outgoing | None


def claim_next(session: Session, provider: str, now: datetime) -> Claim | None:
    """Claim the next message of a provider and check that it still may leave. Commits.

    After the commit the message counts as handed over, whatever happens to this process.
    """
    message = _take(session, provider, now)
    if message is None:
        session.rollback()
        return None
    rule = _objection(session, message, now)
    if rule is not None:
        hold_back(session, message, rule, now)
    outgoing = (
        None
        if rule
        else Outgoing(message.id, message.sender, message.address, message.body, message.attempts)
    )
    claim = Claim(message.id, message.attempts, outgoing)
    session.commit()
    return claim


def _take(session: Session, provider: str, now: datetime) -> Message | None:
    waits = MessageStatus.PENDING.value
    first = (
        select(Message.id)
        .where(
            Message.status == waits,
            Message.direction == "out",
            Message.provider == provider,
            or_(Message.not_before.is_(None), Message.not_before <= now),
        )
        .order_by(Message.priority, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(
        update(Message)
        .where(Message.id == first.scalar_subquery(), Message.status == waits)
        .values(
            status=MessageStatus.SENDING.value,
            attempts=Message.attempts + 1,
            attempted_at=now,
            status_at=now,
            claimed_until=now + LEASE,
        )
        .returning(Message)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one_or_none()


def _objection(session: Session, message: Message, now: datetime) -> str | None:
    """Why a message must not leave after all; None when it may."""
    if message.kind in ALWAYS:
        return None
    about = (message.workspace_id, message.address, message.sender)
    if consent.state_of(session, *about) is Consent.WITHDRAWN:
        return Rule.WITHDREW_CONSENT.value
    if message.kind not in ASKING or message.invitation_id is None:
        return None
    invitation = session.get_one(Invitation, message.invitation_id, populate_existing=True)
    if invitation.status == InvitationStatus.COMPLETED.value:
        return Rule.ALREADY_ANSWERED.value
    if invitation.status in CALLED_OFF:
        return invitation.rule or CANCELLED
    if message.kind == "invitation" and invitation.expires_at <= now:
        return Rule.EXPIRED.value
    return None


def hold_back(session: Session, message: Message, rule: str, now: datetime) -> None:
    """Cancel a message; with its first message an invitation and its exchange end too."""
    move(session, Message, message.id, MessageStatus.CANCELED, status_at=now, claimed_until=None)
    if rule != Rule.ALREADY_ANSWERED.value:
        conversation = find_open(session, message.workspace_id, message.sender, message.address)
        if conversation is not None:
            abandon(session, conversation, now)
    if message.kind == "invitation" and message.invitation_id is not None:
        invitations.suppress(session, message.invitation_id, rule, now)


def forget_crashed(session: Session, now: datetime) -> list[int]:
    """Messages whose worker died while handing them over are unknown from now on. Commits."""
    crashed = session.execute(
        update(Message)
        .where(
            Message.status.in_(sources("messages", MessageStatus.UNKNOWN)),
            Message.claimed_until <= now,
        )
        .values(status=MessageStatus.UNKNOWN.value, status_at=now, claimed_until=None)
        .returning(Message.id, Message.kind, Message.invitation_id)
        .execution_options(synchronize_session=False)
    ).all()
    for _, kind, invitation_id in crashed:
        if kind == "invitation" and invitation_id is not None:
            move(session, Invitation, invitation_id, InvitationStatus.UNKNOWN, status_at=now)
    session.commit()
    return [row.id for row in crashed]
