"""Invitations called off for a channel, as far as their first message has not left."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, exists, update
from sqlalchemy.orm import Session

from models.invitation import Invitation
from models.message import Message
from models.status import InvitationStatus, MessageStatus, sources
from surveys.channels.addresses import EMAIL
from surveys.eligibility_facts import Rule
from surveys.outbox import cancel_pending


def drop_mails(
    session: Session, workspace_id: int, customer_id: int, address: str, now: datetime
) -> None:
    """Cancel the e-mails that wait for an address, and the customer's invitations by e-mail.

    Other customers of the same address are refused when theirs are due.
    """
    cancel_pending(session, workspace_id, address, now)
    suppress_waiting(session, workspace_id, EMAIL, Invitation.customer_id == customer_id, now)


def suppress_waiting(
    session: Session, workspace_id: int, channel: str, whose: ColumnElement[bool], now: datetime
) -> None:
    """Suppress invitations by a channel whose first message nobody has, nor may have."""
    harmless = (MessageStatus.PENDING.value, MessageStatus.CANCELED.value)
    may_have_left = exists().where(
        Message.invitation_id == Invitation.id,
        Message.kind == "invitation",
        Message.status.not_in(harmless),
    )
    session.execute(
        update(Invitation)
        .where(
            Invitation.workspace_id == workspace_id,
            Invitation.channel == channel,
            whose,
            Invitation.status.in_(sources("invitations", InvitationStatus.SUPPRESSED)),
            ~may_have_left,
        )
        .values(
            status=InvitationStatus.SUPPRESSED.value,
            rule=Rule.WITHDREW_CONSENT.value,
            status_at=now,
            claimed_until=None,
        )
        .execution_options(synchronize_session=False)
    )
