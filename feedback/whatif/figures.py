"""From what a replay counted to the figures that are given out, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.reporting.period import Period
from feedback.reporting.steps import pieces, step_of
from feedback.whatif.changed import Changed
from feedback.whatif.schema import (
    Agreement,
    CustomerOut,
    Held,
    Hour,
    Named,
    Piece,
    Three,
    WhatIf,
)
from feedback.whatif.words import assumptions
from models.customer import Customer
from surveys.replay.run import Replayed
from surveys.replay.tally import Tally
from surveys.rules import WORDS, Rule

MOST_CUSTOMERS = 100
BY_HAND = ("by hand", "By hand")
_RULES = frozenset(str(one) for one in Rule)
Tallies = tuple[Tally, Tally, Tally]


def figures(
    session: Session,
    changed: Changed,
    replayed: Replayed,
    ends: tuple[datetime, datetime],
    left_out: list[str],
) -> WhatIf:
    """Everything a what-if tells; one statement, for the names of customers."""
    all_three = _three(replayed)
    period, zone = Period(*ends), ZoneInfo(changed.now.workspace.timezone)
    surveys = {**_surveys(changed.now.surveys), **_surveys(changed.then.surveys)}
    keys = {**changed.now.by_trigger, **changed.then.by_trigger}
    triggers = {number: (one.key, one.key) for number, one in keys.items()} | {0: BY_HAND}
    return WhatIf(
        start=period.start,
        end=period.end,
        step=step_of(period),
        events=replayed.events,
        changes=changed.lines,
        left_out=left_out,
        asked=three(all_three, lambda one: one.asked),
        customers=three(all_three, lambda one: len(one.customers)),
        most_times=three(all_three, lambda one: max(one.customers.values(), default=0)),
        to_come=three(all_three, lambda one: one.to_come),
        times=[_piece(one, all_three, zone) for one in pieces(period, zone)],
        hours=[_hour(hour, all_three) for hour in range(24)],
        surveys=list(_named(all_three, lambda one: one.surveys, surveys)),
        triggers=list(_named(all_three, lambda one: one.triggers, triggers)),
        channels=list(_named(all_three, lambda one: one.channels, {})),
        refused=list(_held(all_three, lambda one: one.refused)),
        waited=list(_held(all_three, lambda one: one.waited)),
        costs=list(_named(all_three, lambda one: one.costs, {})),
        unpriced=three(all_three, lambda one: one.unpriced),
        most_changed=_customers(session, all_three),
        agreement=_agreement(all_three),
        assumptions=assumptions(changed.now, changed.then, changed.lines),
    )


def _three(replayed: Replayed) -> Tallies:
    """Without a change the rules as they are stand for both."""
    return replayed.happened, replayed.courses[0], replayed.courses[-1]


def three(tallies: Tallies, figure: Callable[[Tally], float]) -> Three:
    """One figure of each."""
    happened, now, then = (figure(one) for one in tallies)
    return Three(happened=happened, now=now, then=then)


def _agreement(tallies: Tallies) -> Agreement:
    happened, now, _ = tallies
    return Agreement(
        both=now.shared,
        only_happened=happened.asked - now.shared,
        only_now=now.asked - now.shared,
    )


def _hour(hour: int, tallies: Tallies) -> Hour:
    happened, now, then = (one.hours[hour] for one in tallies)
    return Hour(hour=hour, happened=happened, now=now, then=then)


def _surveys(rows: Mapping[int, Any]) -> dict[int, tuple[str, str]]:
    return {number: (one.key, one.name) for number, one in rows.items()}


def _ranked(tallies: Tallies, counts: Callable[[Tally], Counter[Any]]) -> list[Any]:
    """What is counted in any of the three, the most first."""
    most: Counter[Any] = Counter()
    for one in tallies:
        for key, n in counts(one).items():
            most[key] = max(most[key], n)
    return sorted((key for key in most if most[key]), key=lambda key: (-most[key], str(key)))


def _named(
    tallies: Tallies, counts: Callable[[Tally], Counter[Any]], names: Mapping[Any, tuple[str, str]]
) -> Iterator[Named]:
    for one in _ranked(tallies, counts):
        key, name = names.get(one, (str(one), str(one)))
        happened, now, then = (counts(tally)[one] for tally in tallies)
        yield Named(key=key, name=name, happened=happened, now=now, then=then)


def _held(tallies: Tallies, counts: Callable[[Tally], Counter[str]]) -> Iterator[Held]:
    for rule in _ranked(tallies, counts):
        happened, now, then = (counts(tally)[rule] for tally in tallies)
        words = WORDS[Rule(rule)] if rule in _RULES else rule
        yield Held(rule=rule, words=words, happened=happened, now=now, then=then)


def _piece(piece: Period, tallies: Tallies, zone: ZoneInfo) -> Piece:
    first, last = piece.start.astimezone(zone).date(), piece.end.astimezone(zone)
    # an end at midnight is of the day before
    beyond = last.date() if not (last.hour or last.minute or last.second) else None

    def within(tally: Tally) -> int:
        inside = (
            n
            for day, n in tally.days.items()
            if first <= day and (day < beyond if beyond else day <= last.date())
        )
        return sum(inside)

    found = three(tallies, within)
    return Piece(start=piece.start, end=piece.end, **found.model_dump())


def _customers(session: Session, tallies: Tallies) -> list[CustomerOut]:
    happened, now, then = (one.customers for one in tallies)
    everybody = now.keys() | then.keys()
    ranked = sorted(everybody, key=lambda one: (-abs(then[one] - now[one]), -then[one], one))
    shown = ranked[:MOST_CUSTOMERS]
    rows = session.execute(select(Customer.id, Customer.external_id).where(Customer.id.in_(shown)))
    names = {row.id: row.external_id for row in rows}
    return [
        CustomerOut(customer=names[one], happened=happened[one], now=now[one], then=then[one])
        for one in shown
        if one in names
    ]
