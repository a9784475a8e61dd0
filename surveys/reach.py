"""Whom a campaign would reach, by which channel, and what that would cost; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from models.customer import Customer
from models.sending import Suppression
from surveys import consent
from surveys.appointment_rows import Planned, matching
from surveys.channels.addresses import EMAIL, MAIL_SENDER, SMS, WHATSAPP, address_on, plain_mail
from surveys.eligibility_facts import Consent
from surveys.prices import Price, price_for
from surveys.suppressions import LAPSES

AT_ONCE = 1_000
WEB = "web"
NO_ADDRESS, WITHDREW, UNREACHABLE = "no_address", "withdrew_consent", "unreachable"
NO_CONSENT = "no_consent"


@dataclass
class Reach:
    """How many customers match, by which channel each would be asked first, and why some not.

    `not_asked` counts the reason of the first channel. Costs are of one SMS of so many segments
    each, by currency; `unpriced` counts SMS to numbers that have no price.
    """

    matching: int = 0
    by_channel: Counter[str] = field(default_factory=Counter)
    not_asked: Counter[str] = field(default_factory=Counter)
    costs: dict[str, float] = field(default_factory=dict)
    unpriced: int = 0


def reach(
    session: Session,
    trigger: Planned,
    sender: str,
    prices: Sequence[Price],
    segments: int,
    now: datetime,
) -> Reach:
    """Look through all customers once, a thousand at a time; three queries each."""
    found = Reach()
    channels = [trigger.channel, *(trigger.other_channels or "").split(",")]
    for rows in _batches(session, trigger):
        objections = {
            channel: _objections(session, trigger.workspace_id, channel, rows, sender, now)
            for channel in channels
            if channel
        }
        for row in rows:
            _count(found, row, objections, prices, segments)
    return found


def _batches(session: Session, trigger: Planned) -> Iterator[list[Row[Any]]]:
    last = 0
    while True:
        rows = session.execute(
            select(
                *(Customer.id, Customer.external_id, Customer.locale, Customer.timezone),
                *(Customer.attributes, Customer.created_at, Customer.phone, Customer.email),
            )
            .where(Customer.workspace_id == trigger.workspace_id, Customer.id > last)
            .order_by(Customer.id)
            .limit(AT_ONCE)
        ).all()
        if not rows:
            return
        last = rows[-1].id
        yield [row for row in rows if matching(trigger, row)]


def _objections(
    session: Session,
    workspace_id: int,
    channel: str,
    rows: Sequence[Row[Any]],
    sender: str,
    now: datetime,
) -> Mapping[int, str | None]:
    """What speaks against asking each customer by a channel."""
    if channel == WEB:
        return {row.id: None for row in rows}
    addresses = {row.id: _address(row, channel) for row in rows}
    by = MAIL_SENDER if channel == EMAIL else sender
    about = {one: consent.About(workspace_id, one, by) for one in addresses.values() if one}
    states = consent.states_of(session, list(about.values()), channel)
    dead = _dead(session, workspace_id, list(about), now)

    def objection(address: str | None) -> str | None:
        if not address:
            return NO_ADDRESS
        if states[about[address]] is Consent.WITHDRAWN:
            return WITHDREW
        if channel == WHATSAPP and states[about[address]] is not Consent.GRANTED:
            return NO_CONSENT
        return UNREACHABLE if address in dead else None

    return {number: objection(address) for number, address in addresses.items()}


def _address(row: Row[Any], channel: str) -> str | None:
    if channel == EMAIL:
        return plain_mail(row.email) if row.email else None
    return address_on(channel, row.phone) if row.phone else None


def _dead(session: Session, workspace_id: int, addresses: list[str], now: datetime) -> set[str]:
    return set(
        session.scalars(
            select(Suppression.address).where(
                Suppression.workspace_id == workspace_id,
                Suppression.address.in_(addresses),
                Suppression.occurred_at > now - LAPSES,
            )
        )
    )


def _count(
    found: Reach,
    row: Row[Any],
    objections: Mapping[str, Mapping[int, str | None]],
    prices: Sequence[Price],
    segments: int,
) -> None:
    found.matching += 1
    channel = next((one for one, said in objections.items() if said[row.id] is None), None)
    if channel is None:
        first = next(iter(objections.values()))
        found.not_asked[first[row.id] or ""] += 1
        return
    found.by_channel[channel] += 1
    if channel != SMS:
        return
    price = price_for(prices, row.phone)
    if price is None:
        found.unpriced += 1
    else:
        before = found.costs.get(price.currency, 0.0)
        found.costs[price.currency] = before + price.price * segments
