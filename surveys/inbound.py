"""Inbound SMS: each once; STOP, START and HELP first, then the open exchange, then comments."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from models.customer import Customer
from models.message import Message
from models.workspace import Workspace
from surveys import (
    conversations,
    exchange,
    service_words,
    suppressions,
    takeover,
    unprompted,
)
from surveys.arrivals import Arrival, Inbound, Received
from surveys.inbox import KIND as REPLY
from surveys.inbox import earlier, store, whose
from surveys.senders import addressed, sender_for
from surveys.services import Services

__all__ = ["Inbound", "Received", "receive", "simulator_reply"]

UNPROMPTED, NOBODY, PERSON = "unprompted", "nobody", "person"


def receive(
    session: Session,
    services: Services,
    inbound: Inbound,
    now: datetime,
    workspace_id: int | None = None,
) -> Received:
    """Take one inbound SMS; everything it leads to is committed when this returns.

    A message that came before (same provider id) does nothing and returns the first's kind.
    `workspace_id` says whose it is where the caller knows; else the number it was sent to
    does, and of several workspaces on one number the one that wrote last.
    """
    sender, sharing = whose(session, services, inbound, workspace_id)
    known = earlier(session, inbound, sharing)
    workspace = addressed(session, sharing, sender, inbound.address_from)
    if known is not None or workspace is None:
        session.rollback()
        return known or Received(NOBODY)
    message = store(session, inbound, workspace, sender, now)
    if message is None:
        session.rollback()
        return earlier(session, inbound, sharing) or Received(NOBODY)
    suppressions.lift(session, workspace.id, message.address)
    language = _language(session, workspace, message)
    arrival = Arrival(inbound, message, workspace, sharing, sender, language)
    message.kind = _take(session, services, arrival, now)
    received = Received(message.kind, message.id)
    session.commit()
    return received


def _take(session: Session, services: Services, arrival: Arrival, now: datetime) -> str:
    """Do what the message asks for; its kind."""
    message = arrival.message
    where = (arrival.workspace.id, arrival.sender, message.address)
    word = service_words.word_of(arrival.inbound, arrival.language)
    if word is not None:
        said_in = conversations.find_open(session, *where)
        message.conversation_id = said_in.id if said_in else None
        service_words.obey(session, services, arrival, word, now)
        return word
    held = exchange.hold_conversation(session, *where, now)
    if takeover.hear(session, message, arrival.sender, now):
        return PERSON
    if held is None:
        return _unprompted(session, services, arrival, now)
    conversation, response = held
    message.conversation_id = conversation.id
    message.customer_id = conversation.customer_id
    message.invitation_id = conversation.invitation_id
    step = exchange.reply(session, services, conversation, response, message.id, message.body, now)
    if step.leftover:
        unprompted.keep(session, message, now)
    return REPLY


def _unprompted(session: Session, services: Services, arrival: Arrival, now: datetime) -> str:
    message = arrival.message
    if message.body.strip():
        unprompted.keep(session, message, now)
        unprompted.thank(session, services, arrival, now)
    return UNPROMPTED


def _language(session: Session, workspace: Workspace, message: Message) -> str:
    customer = session.get(Customer, message.customer_id) if message.customer_id else None
    return (customer.locale if customer else None) or workspace.default_locale


def simulator_reply(
    session: Session,
    services: Services,
    workspace_id: int,
    address: str,
    body: str,
    now: datetime,
) -> Received:
    """What a person typed on the simulated phone, taken like any inbound SMS."""
    inbound = Inbound(
        provider="simulator",
        provider_id=f"SIM{secrets.token_hex(16)}",
        sender_to=sender_for(session, services.gateway, workspace_id),
        address_from=address,
        body=body,
    )
    return receive(session, services, inbound, now, workspace_id)
