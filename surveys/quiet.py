"""Quiet time: hours, weekdays and public holidays in which nobody is asked, where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from surveys.rules import Rule
from surveys.schedule import QuietHours, next_at, zone_of

SEARCH = timedelta(days=31)
"""So far ahead an allowed moment is looked for."""
_MIDNIGHT = time(0)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Holiday:
    """A public holiday where the customer is."""

    day: date
    name: str


@dataclass(frozen=True)
class Quiet:
    """When a customer is left in peace by their own clock; `days` are weekdays, Monday 0."""

    hours: QuietHours | None = None
    days: tuple[int, ...] = ()
    holidays: tuple[Holiday, ...] = ()


@dataclass(frozen=True)
class Hush:
    """What keeps it quiet at a moment: by which rule, in which zone, until when by this rule."""

    rule: Rule
    zone: str
    local: datetime
    until: time
    name: str = ""


def hush(quiet: Quiet, zones: Sequence[str], at: datetime) -> Hush | None:
    """What keeps it quiet at a moment in any of the zones; None where one may ask."""
    for zone in zones:
        local = at.astimezone(zone_of(zone))
        found = _hush(quiet, zone, local)
        if found is not None:
            return found
    return None


def _hush(quiet: Quiet, zone: str, local: datetime) -> Hush | None:
    for holiday in quiet.holidays:
        if holiday.day == local.date():
            return Hush(Rule.PUBLIC_HOLIDAY, zone, local, _MIDNIGHT, holiday.name)
    if local.weekday() in quiet.days:
        return Hush(Rule.QUIET_DAY, zone, local, _MIDNIGHT, WEEKDAYS[local.weekday()].title())
    if quiet.hours is not None and quiet.hours.covers(local.time()):
        return Hush(Rule.QUIET_HOURS, zone, local, quiet.hours.end)
    return None


def first_allowed(
    quiet: Quiet, zones: Sequence[str], at: datetime, before: datetime
) -> datetime | None:
    """The first moment from `at` on that is quiet in none of the zones.

    None where there is none before `before`, or within a month.
    """
    end = min(before, at + SEARCH)
    while at < end:
        found = hush(quiet, zones, at)
        if found is None:
            return at
        at = next_at(at, zone_of(found.zone), found.until)
    return None
