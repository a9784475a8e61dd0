"""STOP and START: the ledger, and everything that must not leave any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.customer import Customer, StopEverywhere
from models.invitation import Invitation
from models.message import Message
from models.status import ConversationStatus
from models.workspace import OptOutLevel as Level
from models.workspace import Workspace
from surveys import consent
from surveys.calling_off import suppress_waiting
from surveys.channels.addresses import TALKS, address_on, channel_of, plain
from surveys.conversations import abandon
from surveys.eligibility_facts import Consent
from surveys.outbox import cancel_pending


def withdraw(
    session: Session,
    workspace_id: int,
    sender: str,
    address: str,
    source: str,
    now: datetime,
    detail: str | None = None,
    *,
    everything: bool = False,
) -> bool:
    """Take consent away at once, for all that no provider has yet; False if it was away.

    As far as the workspace lets a STOP reach; where the customer says so (`everything`),
    everywhere and on every channel that their phone is written to. Cancels what waits to be
    sent, suppresses what waits to be asked and ends the exchanges; answers are kept. A message
    that is being handed over this instant can't be held back.
    """
    level = Level.EVERYWHERE if everything else level_of(session, workspace_id)
    told = (source, now, detail, level)
    news = _withdraw(session, workspace_id, sender, address, *told)
    if everything:
        for other in {address_on(channel, address) for channel in TALKS} - {address}:
            _withdraw(session, workspace_id, sender, other, *told)
    return news


def _withdraw(
    session: Session,
    workspace_id: int,
    sender: str,
    address: str,
    source: str,
    now: datetime,
    detail: str | None,
    level: Level,
) -> bool:
    known = _known(session, workspace_id, sender, address, level)
    about = None if level is not Level.SENDER else sender
    if not known:
        _write(session, workspace_id, about, address, Consent.WITHDRAWN, source, now, detail)
        if level is Level.EVERYWHERE:
            said = {"sender": sender, "detail": detail}
            consent.record_everywhere(session, workspace_id, address, source, now, **said)
    _call_off(session, workspace_id, about, address, now)
    if level is Level.EVERYWHERE:
        for other in _others(session, workspace_id, address):
            _call_off(session, other, None, address, now)
    return not known


def level_of(session: Session, workspace_id: int) -> Level:
    """How far a STOP reaches that is said to a workspace."""
    found = session.scalar(select(Workspace.optout).where(Workspace.id == workspace_id))
    return Level(found) if found else Level.EVERYWHERE


def _known(session: Session, workspace_id: int, sender: str, address: str, level: Level) -> bool:
    """Whether it was said before, as far as it reaches."""
    about = sender if level is Level.SENDER else ""  # of no sender in particular: of all
    if consent.said_here(session, workspace_id, address, about) is not Consent.WITHDRAWN:
        return False
    said = (StopEverywhere.channel == channel_of(address), StopEverywhere.address == address)
    return level is not Level.EVERYWHERE or bool(session.scalar(select(exists().where(*said))))


def _others(session: Session, workspace_id: int, address: str) -> list[int]:
    """Other workspaces that know the number."""
    has_customer = exists().where(Customer.workspace_id == Workspace.id, Customer.phone == address)
    has_message = exists().where(Message.workspace_id == Workspace.id, Message.address == address)
    wanted = select(Workspace.id).where(
        Workspace.id != workspace_id, or_(has_customer, has_message)
    )
    return list(session.scalars(wanted.order_by(Workspace.id)))


def _call_off(
    session: Session, workspace_id: int, sender: str | None, address: str, now: datetime
) -> None:
    """End what a workspace has under way with a number; `sender` None: by whichever sender."""
    mine = [] if sender is None else [Conversation.sender == sender]
    talks = select(Conversation).where(
        Conversation.workspace_id == workspace_id,
        Conversation.address == address,
        Conversation.status == ConversationStatus.OPEN.value,
        *mine,
    )
    for conversation in session.scalars(talks.order_by(Conversation.id)).all():
        abandon(session, conversation, now)
    cancel_pending(session, workspace_id, address, now)
    _suppress_waiting(session, workspace_id, address, now)


def grant(
    session: Session, workspace_id: int, sender: str, address: str, source: str, now: datetime
) -> None:
    """Give consent, on the customer's own word: to this workspace, or to the sender alone."""
    about = sender if level_of(session, workspace_id) is Level.SENDER else None
    _write(session, workspace_id, about, address, Consent.GRANTED, source, now, None)


def _write(
    session: Session,
    workspace_id: int,
    sender: str | None,
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
    whose = Invitation.customer_id.in_(owners)
    suppress_waiting(session, workspace_id, channel_of(address), whose, now)
