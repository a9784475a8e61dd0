"""Inbound SMS: each once; STOP, START and HELP first, then the open exchange, then comments."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from surveys import conversations, replying, service_words, suppressions, takeover, unprompted
from surveys.arrivals import Arrival, Came, Inbound, Received
from surveys.channels.addresses import channel_of
from surveys.contact_wishes import wants_contact
from surveys.exchange import reply
from surveys.holding import Exchange, Place, hold
from surveys.inbox import KIND as REPLY
from surveys.inbox import earlier, row_of, store, whose
from surveys.senders import addressed, sender_on
from surveys.service_words import Word
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
    taken = replying.take(session, services, inbound, now) if workspace_id is None else None
    if taken is not None:
        return taken
    found = whose(session, services, inbound, workspace_id)
    known = earlier(found.sharing)
    workspace = addressed(session, found.sharing, found.wire, inbound.address_from)
    if known is not None or workspace is None:
        session.rollback()
        return known or Received(NOBODY)
    via = found.via if found.via != workspace.sender else None
    came = Came(inbound, workspace, found.sharing, via)
    received = _take(session, services, came, now)
    if received is None:
        session.rollback()
        found = whose(session, services, inbound, workspace_id)
        session.rollback()
        return earlier(found.sharing) or Received(NOBODY)
    if workspace.suppressed:
        suppressions.lift(session, workspace.id, inbound.address_from)
    session.commit()
    return received


def _take(session: Session, services: Services, came: Came, now: datetime) -> Received | None:
    """Do what the message asks for; None where the same one was taken meanwhile."""
    word = service_words.word_of(came.inbound, came.workspace.language)
    place = Place(came.workspace.id, came.sender, came.inbound.address_from, came.via)
    held = None if word else hold(session, place, services.public_url, now)
    if held is not None and not _with_a_person(session, held, now):
        return _reply(session, services, held, came.inbound, now)
    arrival = _arrival(session, came, now)
    if arrival is None:
        return None
    message = arrival.message
    if word is not None:
        message.kind = word
        _obey(session, services, arrival, word, now)
    elif takeover.hear(session, message, arrival.sender, now):
        message.kind = PERSON
    else:
        message.kind = UNPROMPTED
        _unprompted(session, services, arrival, now)
    return Received(message.kind, message.id)


def _with_a_person(session: Session, held: Exchange, now: datetime) -> bool:
    """Whether somebody of the team has taken over, and hasn't handed back this instant."""
    return held.takeover is not None and takeover.stay(session, held.takeover, now)


def _reply(
    session: Session, services: Services, held: Exchange, inbound: Inbound, now: datetime
) -> Received | None:
    taken = reply(session, services, held, inbound, now)
    if taken is None:
        return None
    message_id, step = taken
    if step.leftover:
        unprompted.keep(session, row_of(session, message_id), now)
    return Received(REPLY, message_id)


def _arrival(session: Session, came: Came, now: datetime) -> Arrival | None:
    made = store(session, came, now)
    if made is None:
        return None
    message = row_of(session, made)
    return Arrival(came.inbound, message, came.workspace, came.sharing, came.via)


def _obey(
    session: Session, services: Services, arrival: Arrival, word: Word, now: datetime
) -> None:
    message = arrival.message
    where = (arrival.workspace.id, arrival.sender, message.address)
    said_in = conversations.find_open(session, *where)
    message.conversation_id = said_in.id if said_in else None
    service_words.obey(session, services, arrival, word, now)
    if word == service_words.STOP and wants_contact(message.body):
        # "stop texting me, call me": obeyed, and shown to whoever can call
        unprompted.keep(session, message, now)


def _unprompted(session: Session, services: Services, arrival: Arrival, now: datetime) -> None:
    if arrival.message.body.strip():
        unprompted.keep(session, arrival.message, now)
        unprompted.thank(session, services, arrival, now)


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
        sender_to=sender_on(channel_of(address), session, services, workspace_id),
        address_from=address,
        body=body,
    )
    return receive(session, services, inbound, now, workspace_id)
