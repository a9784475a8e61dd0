"""STOP and START: the ledger, and everything that must not leave any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from models.customer import Customer
from models.invitation import Invitation
from models.message import Message
from models.status import InvitationStatus, MessageStatus, sources
from surveys import consent
from surveys.channels.addresses import channel_of, plain
from surveys.conversations import abandon, find_open
from surveys.eligibility_facts import Consent, Rule
from surveys.outbox import cancel_pending


def withdraw(
    session: Session,
    workspace_id: int,
    sender: str,
    address: str,
    source: str,
    now: datetime,
    detail: str | None = None,
) -> bool:
    """Take consent away at once, for all that no provider has yet; False if it was away.

    Cancels what waits to be sent, suppresses what waits to be asked and ends the exchange;
    answers are kept. A message that is being handed over this instant can't be held back.
    """
    known = consent.state_of(session, workspace_id, address, sender) is Consent.WITHDRAWN
    if not known:
        _write(session, workspace_id, sender, address, Consent.WITHDRAWN, source, now, detail)
    conversation = find_open(session, workspace_id, sender, address)
    if conversation is not None:
        abandon(session, conversation, now)
    cancel_pending(session, workspace_id, address, now)
    _suppress_waiting(session, workspace_id, address, now)
    return not known


def grant(
    session: Session, workspace_id: int, sender: str, address: str, source: str, now: datetime
) -> None:
    """Give consent, on the customer's own word."""
    _write(session, workspace_id, sender, address, Consent.GRANTED, source, now, None)


def _write(
    session: Session,
    workspace_id: int,
    sender: str,
    address: str,
    state: Consent,
    source: str,
    now: datetime,
    detail: str | None,
) -> None:
    consent.record(
        session,
        workspace_id,
        address,
        state,
        source,
        now,
        sender=sender,
        customer_id=customer_at(session, workspace_id, address),
        detail=detail,
    )


def customer_at(session: Session, workspace_id: int, address: str) -> int | None:
    """The customer with this phone; the one heard of last, where several share it."""
    return session.scalar(
        select(Customer.id)
        .where(Customer.workspace_id == workspace_id, Customer.phone == plain(address))
        .order_by(Customer.updated_at.desc(), Customer.id.desc())
        .limit(1)
    )


def _suppress_waiting(session: Session, workspace_id: int, address: str, now: datetime) -> None:
    """Suppress the channel's invitations whose first message no provider has, nor may have."""
    owners = select(Customer.id).where(
        Customer.workspace_id == workspace_id, Customer.phone == plain(address)
    )
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
            Invitation.channel == channel_of(address),
            Invitation.customer_id.in_(owners),
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
