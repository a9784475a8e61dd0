"""When a customer's turn comes without an event: again and again, at a date of theirs, or once.

All pure. Who is asked on which day follows from a stable hash, so that a customer base is spread
evenly over the days however it came in, and nothing but the rule itself has to be kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from surveys.dates import MORNING
from surveys.schedule import zone_of
from surveys.timing import NoDate, dated, hour_of

SPREAD_HOURS = 6
"""Without an hour of its own a recurring trigger asks from MORNING on, over so many hours."""


@dataclass(frozen=True)
class Rule:
    """A trigger that no event sets off, as far as its times go."""

    id: int
    kind: str
    delay_seconds: int
    expires_seconds: int
    timing: Mapping[str, Any] | None


@dataclass(frozen=True)
class Whom:
    """The part of a customer that their turn depends on."""

    id: int
    created_at: datetime
    zone: str | None
    facts: Mapping[str, object]


@dataclass(frozen=True)
class Turn:
    """When it is time to ask, and when it is too late."""

    due: datetime
    expires: datetime

    @property
    def period(self) -> int:
        """The turn's number: the day it falls on. A customer has one turn a day at most."""
        return self.due.astimezone(UTC).date().toordinal()


def next_turn(rule: Rule, whom: Whom, after: datetime) -> Turn | None:
    """The customer's first turn after a moment; None where there is none to come.

    A date's turn that is past, but not too late yet, is still to come.
    """
    if rule.kind == "recurring":
        due = _recurring(rule, whom, after)
        return Turn(due, due + timedelta(seconds=rule.expires_seconds))
    if rule.kind == "campaign":
        due = _once(rule, whom)
        return Turn(due, due + timedelta(seconds=rule.expires_seconds))
    found = dated(rule, str((rule.timing or {})["from"]), whom.facts, whom.zone)
    if isinstance(found, NoDate) or found.expires <= after:
        return None
    return Turn(found.due, found.expires)


def _recurring(rule: Rule, whom: Whom, after: datetime) -> datetime:
    timing = rule.timing or {}
    every = int(timing["every_days"])
    earliest = max(after, whom.created_at + timedelta(days=float(timing.get("first_days", 0))))
    zone, clock = zone_of(whom.zone), hour_of(timing) or _hour(rule, whom)
    day = _first_day(earliest.astimezone(zone).date(), int(share(rule, whom) * every), every)
    turn = _at(day, clock, zone)
    return turn if turn > after and turn >= earliest else _at(_later(day, every), clock, zone)


def _first_day(day: date, offset: int, every: int) -> date:
    """The first day from this one on whose number leaves `offset` when divided by `every`."""
    return _later(day, (offset - day.toordinal()) % every)


def _later(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def _hour(rule: Rule, whom: Whom) -> time:
    minutes = int(share(rule, whom, "hour") * SPREAD_HOURS * 60)
    return (datetime.combine(date.min, MORNING) + timedelta(minutes=minutes)).time()


def _once(rule: Rule, whom: Whom) -> datetime:
    timing = rule.timing or {}
    starts = datetime.fromisoformat(timing["starts_at"])
    over = timedelta(seconds=int(timing.get("over_seconds", 0)))
    return starts + over * share(rule, whom)


def share(rule: Rule, whom: Whom, of: str = "day") -> float:
    """A number from 0 to below 1 that is the customer's for ever, as good as drawn by chance."""
    digest = hashlib.sha256(f"{of}:{rule.id}:{whom.id}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48
