"""A reply in an open exchange, on PostgreSQL: read in one statement, written in another.

Nothing is held in between: what is written counts only if neither the exchange nor its response
has changed since they were read. Where they have, or where a reply is more than that (a word to
be obeyed, a person who has taken over, a message of before), nothing is written here, and it is
taken the longer way of surveys.inbound. So it is where the database fails: that way is idempotent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from surveys import service_words
from surveys.arrivals import Behind, Inbound, Received
from surveys.channels.addresses import channel_of, plain
from surveys.conversations import SILENCE
from surveys.exchange import named, read
from surveys.flow_types import Again, Step
from surveys.glance_sql import GLANCE
from surveys.holding import Exchange, Place, exchange_of
from surveys.inbox import KIND, behind_of, own_sender, row, senders_of, storable
from surveys.outbox import worded
from surveys.pages.lane import Lane, lane
from surveys.reply_sql import SAYS, Turn, taking
from surveys.responses import step_kind, step_values
from surveys.services import Services
from surveys.sms_text import say_by_sms

MOVED = timedelta(hours=1)
_BEHIND = 9
"""So many columns say who is behind the number."""


@dataclass(frozen=True)
class At:
    """Where a reply is taken: a bare connection, and a session for what it seldom needs."""

    session: Session
    lane: Lane


@dataclass(frozen=True)
class Glimpse:
    """An open exchange as it was a moment ago, and the versions of its two rows."""

    exchange: Exchange
    exchange_version: str
    response_version: str
    lapses: datetime


def take(session: Session, services: Services, inbound: Inbound, now: datetime) -> Received | None:
    """Take a reply that is no more than that; committed when this returns.

    None, and nothing written, where it is to be taken the longer way.
    """
    engine = session.get_bind()
    if not isinstance(engine, Engine) or engine.dialect.name != "postgresql":
        return None
    try:
        with lane(engine) as here:
            at_hand = At(session, here)
            seen = glimpse(at_hand, services, inbound)
            message_id = None if seen is None else answer(at_hand, seen, inbound, now)
    except engine.dialect.loaded_dbapi.Error:
        # a connection that broke, somebody who was erased this instant: the longer way knows
        # a message that is there already, and says what is wrong
        message_id = None
    if session.in_transaction():
        session.commit()
    return None if message_id is None else Received(KIND, message_id)


def glimpse(at: At, services: Services, inbound: Inbound) -> Glimpse | None:
    """The open exchange that a message answers, of the one workspace behind the number.

    None where there is none, or where the message is more than a reply to its question.
    """
    if inbound.provider != services.gateway.name:
        return None
    for sender in senders_of(inbound):
        rows = _rows(at.lane, services, inbound, sender)
        if sender == services.gateway.fallback or len(rows) > 1:
            return None
        if rows:
            behind = behind_of(rows[0][:_BEHIND], sender)
            return _open(at.session, services, inbound, behind, rows[0][_BEHIND:])
    return None


def _rows(lane: Lane, services: Services, inbound: Inbound, sender: str) -> Sequence[Sequence[Any]]:
    about = {
        "provider": inbound.provider,
        "provider_id": inbound.provider_id,
        "address": inbound.address_from,
        "phone": plain(inbound.address_from),
        "sender": sender,
        "shared": sender == own_sender(services, inbound),
    }
    return lane.all(GLANCE[channel_of(inbound.address_from)], about)


def _open(
    session: Session, services: Services, inbound: Inbound, behind: Behind, found: Sequence[Any]
) -> Glimpse | None:
    *columns, response_version, exchange_version, lapses, unsent, takeover = found
    news = behind.first is None and not behind.suppressed
    if columns[0] is None or not news or takeover is not None:
        return None
    if unsent or service_words.word_of(inbound, behind.language):
        return None
    place = Place(behind.id, behind.sender, inbound.address_from)
    exchange = exchange_of(session, place, services.public_url, columns, (None, None))
    return Glimpse(exchange, exchange_version, response_version, lapses)


def answer(at: At, seen: Glimpse, inbound: Inbound, now: datetime) -> int | None:
    """Write down what a reply says and what is said to it; the id of its row.

    None, and nothing written, where the exchange or its response is no longer as it was seen,
    where the message is there already, and where it may belong to the message before.
    """
    step = read(seen.exchange, storable(inbound.body), inbound.button)
    if isinstance(step.say, Again) or step.leftover:
        return None
    return _written(at, seen, inbound, step, now)


def _written(at: At, seen: Glimpse, inbound: Inbound, step: Step, now: datetime) -> int | None:
    exchange, place = seen.exchange, seen.exchange.place
    kind = step_kind(exchange.response, step)
    text = say_by_sms(step.say, exchange.language, link=exchange.context.link)
    values = {
        **row(inbound, place.workspace_id, place.sender, None, now),
        **step_values(exchange.response, exchange.definition, step, place.channel, now),
        "conversation_id": exchange.id,
        "exchange_version": seen.exchange_version,
        "response_version": seen.response_version,
        "silent_at": now + SILENCE,
    }
    if text:
        kind_said, said = named(step.say)
        body, segments = worded(at.session, place.workspace_id, place.address, text)
        given = {"kind": kind_said, "step": said, "body": body, "segments": segments}
        values |= {SAYS + name: value for name, value in given.items()}
    # what is said moves the end of the exchange when it leaves: an hour less until then is
    # not worth the change of a row whose indexes all know when it lapses
    lasts = not text or seen.lapses < now + SILENCE - MOVED
    made = at.lane.first(taking(Turn(kind, bool(text), lasts)), values)
    return None if made is None else int(made[0])
