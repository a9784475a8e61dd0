"""The period a report is about, and how people write its ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from models.errors import InvalidInput

Ends = tuple[datetime | None, datetime | None]
"""A period as it is asked for: None where it is open."""
_MEND = "Write a date (2026-01-31) or a time with its zone (2026-01-31T09:30:00Z), from 1900 on"
_YEARS = range(1900, 3000)
"""Nearer the ends of the calendar the period before one, or a month after it, has no date."""


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` until just before `end`, both aware UTC."""

    start: datetime
    end: datetime

    @property
    def days(self) -> int:
        """How many times 24 hours fit in."""
        return max(0, (self.end - self.start).days)

    def before(self) -> Period:
        """The period of equal length that ends where this one begins."""
        return Period(self.start - (self.end - self.start), self.start)

    def halves(self) -> tuple[Period, Period]:
        """The earlier and the later half."""
        middle = self.start + (self.end - self.start) / 2
        return Period(self.start, middle), Period(middle, self.end)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some touchpoints, by id, in a period."""

    touchpoints: tuple[int, ...]
    period: Period


def read_moment(
    text: str | None, field: str, zone: tzinfo = UTC, end: bool = False
) -> datetime | None:
    """A date or an aware time as UTC; a bare date as an end takes that whole day in."""
    if not text:
        return None
    try:
        if len(text) == len("2026-01-31"):
            day = date.fromisoformat(text) + timedelta(days=1 if end else 0)
            moment = datetime.combine(day, time(), zone)
        else:
            moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None and moment.year in _YEARS:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise InvalidInput(f"{text!r} is no date and no time with a zone", field=field, mend=_MEND)


def read_period(given: Mapping[str, str | None], zone: tzinfo = UTC, prefix: str = "") -> Ends:
    """What `from` and `to`, behind a prefix, ask for; dates are days of the zone."""
    first, last = f"{prefix}from", f"{prefix}to"
    start = read_moment(given.get(first), first, zone)
    end = read_moment(given.get(last), last, zone, end=True)
    if start is not None and end is not None and start >= end:
        mend = f"Give a `{last}` after `{first}`."
        raise InvalidInput("ends before it begins", field=last, mend=mend)
    return start, end
