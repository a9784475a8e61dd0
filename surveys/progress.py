"""What a provider says of a message, applied forward only, with what follows from it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.invitation import Invitation
from models.message import Message
from models.status import InvitationStatus, MessageStatus, move
from surveys import (
    channel_choice,
    consent,
    conversations,
    optout,
    overdue,
    retries,
    sender_rows,
    suppressions,
)
from surveys.channels.errors import Group, known

log = logging.getLogger(__name__)
M = MessageStatus

# Every status of Twilio's. Its `sending` is after its `queued` and before its `sent`; ours
# of that name means that we are handing the message over, so that theirs counts as queued.
STATUSES: Mapping[str, MessageStatus] = {
    "accepted": M.ACCEPTED,
    "scheduled": M.SCHEDULED,
    "queued": M.QUEUED,
    "sending": M.QUEUED,
    "sent": M.SENT,
    "delivered": M.DELIVERED,
    "undelivered": M.UNDELIVERED,
    "failed": M.FAILED,
    "partially_delivered": M.PARTIALLY_DELIVERED,
    "canceled": M.CANCELED,
    "read": M.READ,
    "receiving": M.RECEIVING,
    "received": M.RECEIVED,
}
WAITING_THERE = ("accepted", "scheduled", "queued", "sending", "sent")
OPTED_OUT = "21610"
ARRIVED = (M.DELIVERED, M.READ, M.PARTIALLY_DELIVERED)
LOST = (M.UNDELIVERED, M.FAILED, M.CANCELED)


def accepted(
    session: Session,
    message: Message,
    provider_id: str,
    status: str,
    error_code: str | None,
    now: datetime,
) -> None:
    """The provider has the message: note its id, and go on from its status."""
    if message.provider_id is None:
        _note(session, message.id, provider_id=provider_id)
    moved = apply(session, message, status, error_code, now)
    if not moved and message.status in (M.SENDING, M.UNKNOWN):
        # A status nobody knows yet still says that the provider took it.
        apply(session, message, M.ACCEPTED.value, error_code, now)
    if message.conversation_id is not None:
        conversations.keep_alive(session, message.conversation_id, now)


def apply(
    session: Session, message: Message, status: str, error_code: str | None, now: datetime
) -> bool:
    """Move a message forward; False for a late, repeated or unknown status.

    An unknown one is kept as it came, in `provider_status`, and logged.
    """
    to = STATUSES.get(status)
    if to is None:
        log.warning("message %d has the unknown provider status %.40r", message.id, status)
        _note(session, message.id, provider_status=status[:40])
        return False
    values: dict[str, Any] = {"status_at": now, "claimed_until": None}
    values["follow_at"] = overdue.next_look(to, message.asked, now, message.address)
    if error_code or to not in LOST:  # what went wrong with an earlier try is over
        values["error_code"] = error_code[:20] if error_code else None
    if not move(session, Message, message.id, to, **values):
        return False
    if to in LOST:
        _lost(session, message, error_code, now)
    else:
        _follow(session, message, to, now)
    return True


def refused(session: Session, message: Message, code: str, opted_out: bool, now: datetime) -> None:
    """The provider will never take it."""
    apply(session, message, M.FAILED.value, OPTED_OUT if opted_out else code, now)


def _lost(session: Session, message: Message, error_code: str | None, now: datetime) -> None:
    """What a message that did not arrive leads to, by the reason."""
    if known(error_code).group in (Group.SENDER, Group.THROTTLED):
        wire = message.via or message.sender
        sender_rows.told(session, message.provider, wire, error_code or "", now)
    if retries.try_again(session, message, error_code, now):
        _sent(session, message, InvitationStatus.SENT, now)
        return
    group = known(error_code).group
    if group in (Group.SENDER, Group.MESSAGE):
        log.error("message %d did not arrive: error %s", message.id, error_code)
    if message.kind == "invitation" and message.invitation_id is not None:
        _close(session, message, now)
        move(session, Invitation, message.invitation_id, InvitationStatus.FAILED, status_at=now)
        if message.status != M.CANCELED and group is not Group.OPTED_OUT:
            channel_choice.after_failure(session, message.invitation_id, now)
    if group is Group.OPTED_OUT:
        _opted_out(session, message, error_code or OPTED_OUT, now)
    if group is Group.DEAD:
        where = (message.workspace_id, message.address)
        suppressions.suppress(session, *where, error_code or "", now)


def _opted_out(session: Session, message: Message, code: str, now: datetime) -> None:
    """The customer told the provider itself to stop."""
    optout.withdraw(
        session,
        message.workspace_id,
        message.sender,
        message.address,
        consent.PROVIDER,
        now,
        f"error {code}",
    )


def _follow(session: Session, message: Message, to: MessageStatus, now: datetime) -> None:
    """The wait for an answer begins when a message has left, and an invitation goes along."""
    if message.conversation_id is not None and (to is M.SENT or to in ARRIVED):
        conversations.keep_alive(session, message.conversation_id, now)
    reached = InvitationStatus.DELIVERED if to in ARRIVED else InvitationStatus.SENT
    _sent(session, message, reached, now)


def _sent(session: Session, message: Message, reached: InvitationStatus, now: datetime) -> None:
    if message.kind != "invitation" or message.invitation_id is None:
        return
    sent_at = func.coalesce(Invitation.sent_at, now)
    move(session, Invitation, message.invitation_id, reached, status_at=now, sent_at=sent_at)


def _close(session: Session, message: Message, now: datetime) -> None:
    """Nothing was asked after all, so that no answer is awaited."""
    if message.conversation_id is None:
        return
    conversation = session.get(Conversation, message.conversation_id)
    if conversation is not None:
        conversations.abandon(session, conversation, now)


def _note(session: Session, message_id: int, **values: str) -> None:
    session.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )
