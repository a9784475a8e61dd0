"""Dates that come from outside, and what is due some time after or before them; all pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = time(10)
"""When a day without an hour is meant to be asked about, on the customer's clock."""
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 1, 1)
_NUMBER = re.compile(r"\d{9,13}(\.\d+)?")
_MILLISECONDS = 100_000_000_000  # as seconds it would lie in the year 5138


@dataclass(frozen=True)
class Moment:
    """A date as it was given: an instant on a clock, or a day alone."""

    local: datetime
    day_alone: bool


def read_moment(value: object, zone: ZoneInfo) -> Moment | None:
    """An ISO 8601 date or time, or seconds or milliseconds since 1970; None for anything else.

    A time without a zone is one of the given zone's.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _of_epoch(float(value), zone)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if _NUMBER.fullmatch(text):
        return _of_epoch(float(text), zone)
    return _of_text(text, zone)


def _of_epoch(number: float, zone: ZoneInfo) -> Moment | None:
    seconds = number / 1000 if number >= _MILLISECONDS else number
    try:
        return _sensible(Moment(datetime.fromtimestamp(seconds, UTC).astimezone(zone), False))
    except (ValueError, OverflowError, OSError):
        return None


def _of_text(text: str, zone: ZoneInfo) -> Moment | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        pass
    else:
        return _sensible(Moment(datetime.combine(day, time(), tzinfo=zone), True))
    try:
        when = datetime.fromisoformat(text)
        local = when.replace(tzinfo=zone) if when.tzinfo is None else when.astimezone(zone)
    except (ValueError, OverflowError):
        return None
    return _sensible(Moment(local, False))


def _sensible(moment: Moment) -> Moment | None:
    return moment if _EARLIEST <= moment.local.date() < _LATEST else None


def shifted(moment: Moment, span: timedelta, at: time | None) -> datetime:
    """So long after a moment (before it, where the span is below zero), in UTC.

    Whole days keep the hour on the customer's clock over a change to summer time; hours beyond
    them are hours that pass. `at` puts the hour; a day alone has MORNING's without it.
    """
    hour = at or (MORNING if moment.day_alone else None)
    day = moment.local.date() + timedelta(days=span.days)
    clock = hour or moment.local.time()
    # an hour that the clock leaves out in spring is taken an hour later
    there = datetime.combine(day, clock, tzinfo=moment.local.tzinfo).astimezone(UTC)
    return there + timedelta(seconds=span.seconds)
