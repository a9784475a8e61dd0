"""Inbound SMS: each once; STOP, START and HELP first, then the open exchange, then comments."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from surveys import conversations, service_words, suppressions, takeover, unprompted
from surveys.arrivals import Arrival, Inbound, Received, Stored
from surveys.exchange import reply
from surveys.holding import Place, hold
from surveys.inbox import KIND as REPLY
from surveys.inbox import earlier, row_of, storable, store, whose
from surveys.senders import addressed, sender_for
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
    sender, sharing = whose(session, services, inbound, workspace_id)
    known = earlier(sharing)
    workspace = addressed(session, sharing, sender, inbound.address_from)
    if known is not None or workspace is None:
        session.rollback()
        return known or Received(NOBODY)
    made = store(session, inbound, workspace, sender, now)
    if made is None:
        session.rollback()
        _, sharing = whose(session, services, inbound, workspace_id)
        session.rollback()
        return earlier(sharing) or Received(NOBODY)
    if workspace.suppressed:
        suppressions.lift(session, workspace.id, inbound.address_from)
    kind = _take(session, services, Stored(inbound, made, workspace, sharing, sender), now)
    session.commit()
    return Received(kind, made)


def _take(session: Session, services: Services, stored: Stored, now: datetime) -> str:
    """Do what the message asks for; its kind."""
    workspace, address = stored.workspace, stored.inbound.address_from
    word = service_words.word_of(stored.inbound, workspace.language)
    if word is not None:
        return _obey(session, services, _arrival(session, stored), word, now)
    place = Place(workspace.id, stored.sender, address)
    held = hold(session, place, services.public_url, now)
    if (held is None or held.taken_over) and _told_a_person(session, stored, now):
        return PERSON
    if held is None:
        return _unprompted(session, services, _arrival(session, stored), now)
    body = storable(stored.inbound.body)
    step = reply(session, services, held, stored.id, body, now)
    if step.leftover:
        unprompted.keep(session, row_of(session, stored.id), now)
    return REPLY


def _arrival(session: Session, stored: Stored) -> Arrival:
    message = row_of(session, stored.id)
    return Arrival(stored.inbound, message, stored.workspace, stored.sharing, stored.sender)


def _obey(session: Session, services: Services, arrival: Arrival, word: Word, now: datetime) -> str:
    message = arrival.message
    said_in = conversations.find_open(
        session, arrival.workspace.id, arrival.sender, message.address
    )
    message.kind = word
    message.conversation_id = said_in.id if said_in else None
    service_words.obey(session, services, arrival, word, now)
    return word


def _told_a_person(session: Session, stored: Stored, now: datetime) -> bool:
    """Whether somebody of the team has it; asked with the open exchange held."""
    message = row_of(session, stored.id)
    if not takeover.hear(session, message, stored.sender, now):
        return False
    message.kind = PERSON
    return True


def _unprompted(session: Session, services: Services, arrival: Arrival, now: datetime) -> str:
    message = arrival.message
    message.kind = UNPROMPTED
    if message.body.strip():
        unprompted.keep(session, message, now)
        unprompted.thank(session, services, arrival, now)
    return UNPROMPTED


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
