"""When a trigger's event asks for an invitation: after it, or around a date in it; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Protocol

from surveys.dates import read_moment, shifted
from surveys.schedule import due_at, expires_at, zone_of
from surveys.wording import lookup

LONGEST_SHOWN = 40


class Planned(Protocol):
    """The part of a trigger that says when; a row of models.survey or anything shaped like it."""

    @property
    def delay_seconds(self) -> int:
        """How long after; below zero before a date."""

    @property
    def expires_seconds(self) -> int:
        """How long it is worth asking."""

    @property
    def timing(self) -> Mapping[str, Any] | None:
        """`from`: where the date stands; `at`: the hour on the customer's clock."""


@dataclass(frozen=True)
class Times:
    """When it is time to ask, and when it is too late."""

    due: datetime
    expires: datetime


@dataclass(frozen=True)
class NoDate:
    """There is no date to count from, and why, in words."""

    why: str


def times(
    trigger: Planned, occurred_at: datetime, facts: Mapping[str, object], zone: str | None
) -> Times | NoDate:
    """The times of an event's invitation; of a date's, where the trigger names one.

    What is to be asked before a date is not asked after it.
    """
    lasts = timedelta(seconds=trigger.expires_seconds)
    path = (trigger.timing or {}).get("from")
    if path is None:
        due = due_at(occurred_at, timedelta(seconds=trigger.delay_seconds))
        return Times(due, expires_at(due, lasts))
    return dated(trigger, path, facts, zone)


def dated(
    trigger: Planned, path: str, facts: Mapping[str, object], zone: str | None
) -> Times | NoDate:
    """The times around the date that stands at `path` of the facts."""
    value = lookup(facts, path)
    if value is None:
        return NoDate(f"{path} is missing")
    moment = read_moment(value, zone_of(zone))
    if moment is None:
        return NoDate(f"{path} is no date: {str(value)[:LONGEST_SHOWN]!r}")
    span = timedelta(seconds=trigger.delay_seconds)
    due = shifted(moment, span, hour_of(trigger.timing))
    expires = expires_at(due, timedelta(seconds=trigger.expires_seconds))
    if span < timedelta(0):
        expires = min(expires, shifted(moment, timedelta(0), time() if moment.day_alone else None))
    return Times(due, expires)


def hour_of(timing: Mapping[str, Any] | None) -> time | None:
    """The hour on the customer's clock that a trigger names."""
    text = (timing or {}).get("at")
    return time.fromisoformat(text) if text else None
