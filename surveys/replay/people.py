"""Customers of a replay, and what was so before it began: whom they heard from, what they said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.customer import Customer
from models.event import Event
from models.invitation import Invitation
from models.response import Response
from models.sending import Suppression
from models.status import ResponseStatus
from surveys.channels.addresses import EMAIL, SMS, TALKS, WHATSAPP, address_on, plain_mail
from surveys.consent_entries import Ledgers, entries_of
from surveys.facts_rows import ASKED, ASKED_AT, SAID, SAID_AT
from surveys.unless import EARLIEST, Happened


class Asked(NamedTuple):
    """A survey was asked by a channel."""

    survey_id: int
    channel: str
    at: datetime


class Said(NamedTuple):
    """A customer last said something to a survey; `done`: that was all of it."""

    survey_id: int
    channel: str
    at: datetime
    done: bool


class Talk(NamedTuple):
    """An exchange on a number: from when until when it is open, and when silence would end it."""

    invitation_id: int
    opened: datetime
    over: datetime
    lapses: datetime


@dataclass(slots=True, weakref_slot=True)
class Person:
    """A customer as they are known today, with their past before the replay.

    `said` goes on through it: answers to what was asked before come as they came. `ledgers` are
    by channel, `dead` the codes by which addresses can't be reached, with since when; `happened`
    holds events that may call something off, with when they were heard of.
    """

    id: int
    external_id: str
    phone: str | None
    email: str | None
    locale: str | None
    timezone: str | None
    attributes: Mapping[str, Any]
    is_test: bool
    asked: list[Asked] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    talks: list[tuple[tuple[str, str], Talk]] = field(default_factory=list)
    ledgers: Mapping[str, Ledgers] = field(default_factory=dict)
    dead: list[tuple[str, str, datetime]] = field(default_factory=list)
    happened: list[tuple[datetime, Happened]] = field(default_factory=list)


_CUSTOMER = select(
    Customer.id,
    Customer.external_id,
    Customer.phone,
    Customer.email,
    Customer.locale,
    Customer.timezone,
    Customer.attributes,
    Customer.is_test,
)


def people(
    session: Session,
    workspace_id: int,
    ids: Collection[int],
    start: datetime,
    calling_off: Collection[str] = (),
) -> dict[int, Person]:
    """These customers, by id; nine statements at most, whatever their number.

    `calling_off` names the events that may call an invitation off.
    """
    if not ids:
        return {}
    rows = session.execute(_CUSTOMER.where(Customer.id.in_(ids)))
    found = {row.id: Person(*row) for row in rows}
    for row in _asked(session, ids, start):
        found[row.customer_id].asked.append(Asked(row.survey_id, row.channel, row.at))
    for row in _said(session, ids, start):
        done = row.status == ResponseStatus.COMPLETED.value
        found[row.customer_id].said.append(Said(row.survey_id, row.channel, row.at, done))
    for row in _talks(session, ids, start):
        over = min(row.ended_at or row.expires_at, row.expires_at)
        talk = Talk(row.invitation_id, row.opened_at, over, row.expires_at)
        found[row.customer_id].talks.append(((row.sender, row.address), talk))
    for event in _happened(session, ids, start, calling_off) if calling_off else ():
        told = Happened(event.id, event.name, event.occurred_at, event.properties)
        found[event.customer_id].happened.append((event.received_at, told))
    _of_addresses(session, workspace_id, list(found.values()))
    return found


def _asked(session: Session, ids: Collection[int], start: datetime) -> Sequence[Any]:
    columns = (Invitation.customer_id, Invitation.survey_id, Invitation.channel)
    wanted = select(*columns, ASKED_AT.label("at")).where(
        Invitation.customer_id.in_(ids), ASKED, start > ASKED_AT
    )
    return session.execute(wanted).all()


def _said(session: Session, ids: Collection[int], start: datetime) -> Sequence[Any]:
    """What was said that the replay does not bring about: to invitations of before, or to none."""
    columns = (Response.customer_id, Response.survey_id, Response.channel, Response.status)
    before = Invitation.id.is_(None) | (ASKED & (start > ASKED_AT))
    wanted = (
        select(*columns, SAID_AT.label("at"))
        .outerjoin(Invitation, Invitation.id == Response.invitation_id)
        .where(Response.customer_id.in_(ids), SAID, before)
    )
    return session.execute(wanted).all()


def _talks(session: Session, ids: Collection[int], start: datetime) -> Sequence[Any]:
    columns = (Conversation.customer_id, Conversation.sender, Conversation.address)
    times = (Conversation.opened_at, Conversation.expires_at, Conversation.ended_at)
    wanted = select(*columns, Conversation.invitation_id, *times).where(
        Conversation.customer_id.in_(ids),
        Conversation.opened_at < start,
        Conversation.expires_at > start,
    )
    return session.execute(wanted).all()


def _happened(
    session: Session, ids: Collection[int], start: datetime, names: Collection[str]
) -> Sequence[Any]:
    columns = (Event.customer_id, Event.id, Event.name, Event.occurred_at, Event.properties)
    wanted = select(*columns, Event.received_at).where(
        Event.customer_id.in_(ids), Event.occurred_at > start - EARLIEST, Event.name.in_(names)
    )
    return session.execute(wanted).all()


def addresses_of(person: Person) -> dict[str, str]:
    """A customer's addresses by channel, those that they have."""
    found: dict[str, str] = {}
    if person.phone:
        found = {one: address_on(one, person.phone) for one in TALKS}
    mail = plain_mail(person.email) if person.email else None
    return {**found, **({EMAIL: mail} if mail else {})}


def _of_addresses(session: Session, workspace_id: int, found: Sequence[Person]) -> None:
    """What holds for their addresses: consent by channel, and what can't be reached."""
    theirs: dict[str, set[str]] = defaultdict(set)
    owners: dict[str, list[Person]] = defaultdict(list)
    for person in found:
        for channel, address in addresses_of(person).items():
            theirs[channel].add(address)
            owners[address].append(person)
    ledgers: dict[str, Ledgers] = {
        channel: entries_of(session, {workspace_id}, theirs[channel], channel)
        for channel in (SMS, WHATSAPP, EMAIL)
        if theirs[channel]
    }
    for person in found:
        person.ledgers = ledgers
    mine = Suppression.workspace_id == workspace_id
    dead = select(Suppression.address, Suppression.code, Suppression.occurred_at).where(mine)
    for row in session.execute(dead.where(Suppression.address.in_(owners))) if owners else ():
        for person in owners[row.address]:
            person.dead.append((row.address, row.code, row.occurred_at))
