"""The periods a run may be about: months, quarters and days of the workspace's own calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from feedback.reporting.period import read_moment
from models.errors import InvalidInput

_KEY = re.compile(r"(19[7-9]\d|2\d{3})-(?:Q([1-4])|(0[1-9]|1[0-2]))\Z", re.ASCII)
_MEND = "Write a month (2026-10), a quarter (2026-Q3) or days (2026-09-03..2026-10-08)"
_BREATH = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` until just before `end`, and what it is compared with: from `before` until
    `start`; all aware UTC.
    """

    before: datetime
    start: datetime
    end: datetime


def read_key(key: str, zone: tzinfo) -> Span:
    """The period of a key: `2026-10`, `2026-Q3`, or the first and the last of its days."""
    found = _KEY.match(key)
    days = key.split("..")
    if found is None and len(days) == 2:
        start = read_moment(days[0], "period", zone)
        end = read_moment(days[1], "period", zone, end=True)
        if start and end:
            return span_of(start, end, zone)
    if found is None:
        raise InvalidInput(f"{key!r} is no month and no quarter", field="period", mend=_MEND)
    if found[2]:
        return quarter(date(int(found[1]), 3 * int(found[2]) - 2, 1), zone)
    return month(date(int(found[1]), int(found[3]), 1), zone)


def month(first: date, zone: tzinfo) -> Span:
    """The month that begins on this day, and the one before."""
    return _span(first, 1, zone)


def quarter(first: date, zone: tzinfo) -> Span:
    """The quarter that begins on this day, and the one before."""
    return _span(first, 3, zone)


def span_of(start: datetime, end: datetime, zone: tzinfo) -> Span:
    """Any period; a whole month or quarter is compared with the one before, another with the
    time of equal length before.
    """
    if end <= start:
        raise InvalidInput("ends before it begins", field="to", mend="Give a `to` after `from`")
    first = start.astimezone(zone).date()
    if first.day == 1:
        for calendar in (month, quarter):
            found = calendar(first, zone)
            if (found.start, found.end) == (start, end) and ".." not in key_of(found, zone):
                return found
    return Span(start - (end - start), start, end)


def key_of(span: Span, zone: tzinfo) -> str:
    """The key of a period; of one that doesn't begin and end with a day, the days it touches."""
    first = span.start.astimezone(zone).date()
    if first.day == 1 and month(first, zone) == span:
        return month_key(first)
    if first.day == 1 and first.month % 3 == 1 and quarter(first, zone) == span:
        return quarter_key(first)
    return f"{first:%Y-%m-%d}..{(span.end - _BREATH).astimezone(zone).date():%Y-%m-%d}"


def month_key(first: date) -> str:
    """The key of the month that begins on this day: `2026-10`."""
    return f"{first:%Y-%m}"


def quarter_key(first: date) -> str:
    """The key of the quarter that begins on this day: `2026-Q4`."""
    return f"{first:%Y}-Q{first.month // 3 + 1}"


def words(span: Span, zone: tzinfo) -> str:
    """How people call it: `October 2026`, `July to September 2026`, `3 Sep to 8 Oct 2026`."""
    return _words(span.start, span.end, zone)


def words_before(span: Span, zone: tzinfo) -> str:
    """How people call what it is compared with."""
    return _words(span.before, span.start, zone)


def months_back(until: datetime, zone: tzinfo, many: int) -> Iterator[date]:
    """The first days of whole months that end by `until`, the newest first."""
    first = until.astimezone(zone).date().replace(day=1)
    for _ in range(many):
        first = added(first, -1)
        yield first


def added(first: date, months: int) -> date:
    """The first day of a month so many months on; never before the year 1."""
    number = max(first.year * 12 + first.month - 1 + months, 12)
    return date(number // 12, number % 12 + 1, 1)


def _span(first: date, months: int, zone: tzinfo) -> Span:
    starts = (added(first, -months), first, added(first, months))
    return Span(*(datetime.combine(day, time(), zone).astimezone(UTC) for day in starts))


def _words(start: datetime, end: datetime, zone: tzinfo) -> str:
    first, last = start.astimezone(zone).date(), (end - _BREATH).astimezone(zone).date()
    whole = first.day == 1 and (last + timedelta(days=1)).day == 1
    if whole and (first.year, first.month) == (last.year, last.month):
        return f"{first:%B %Y}"
    year = "" if first.year == last.year else f" {first.year}"
    if whole:
        return f"{first:%B}{year} to {last:%B %Y}"
    return f"{first.day} {first:%b}{year} to {last.day} {last:%b %Y}"
