"""What a course of asking comes to: how many, of whom, when, by what, at what cost."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from surveys.channels.addresses import SMS
from surveys.prices import Price, price_for
from surveys.replay.rules import Rules
from surveys.schedule import zone_of


class Ask(NamedTuple):
    """One customer is asked; `zone` is where they may be."""

    at: datetime
    customer_id: int
    survey_id: int
    trigger_id: int | None
    channel: str
    phone: str | None
    zone: str


@dataclass
class Tally:
    """Counts of one course; `customers` how often each was asked, `hours` of their own day.

    Costs are of each first SMS, by currency; `unpriced` counts SMS to numbers without a price.
    `shared` counts those asked here that really were asked too. With `log`, every one is kept.
    """

    zone: str
    asked: int = 0
    days: Counter[date] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)
    surveys: Counter[int] = field(default_factory=Counter)
    triggers: Counter[int] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    customers: Counter[int] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    waited: Counter[str] = field(default_factory=Counter)
    costs: Counter[str] = field(default_factory=Counter)
    unpriced: int = 0
    failed: int = 0
    shared: int = 0
    to_come: int = 0
    log: list[Ask] | None = None

    def ask(self, one: Ask, rules: Rules) -> None:
        """Count one who is asked."""
        self.asked += 1
        self.days[one.at.astimezone(zone_of(self.zone)).date()] += 1
        self.hours[one.at.astimezone(zone_of(one.zone)).hour] += 1
        self.surveys[one.survey_id] += 1
        self.triggers[one.trigger_id or 0] += 1
        self.channels[one.channel] += 1
        self.customers[one.customer_id] += 1
        if self.log is not None:
            self.log.append(one)
        if one.channel == SMS and one.phone:
            self._pay(one.phone, one.survey_id, rules)

    def _pay(self, phone: str, survey_id: int, rules: Rules) -> None:
        price = _price(tuple(rules.prices), phone[:_TELLING])
        if price is None:
            self.unpriced += 1
        else:
            self.costs[price.currency] += price.price * rules.segments.get(survey_id, 1)  # type: ignore[assignment]


_TELLING = 13
"""A price's prefix has so many digits at most, behind the plus."""


@lru_cache(maxsize=65_536)
def _price(prices: tuple[Price, ...], beginning: str) -> Price | None:
    return price_for(prices, beginning)
