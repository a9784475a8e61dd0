"""A period cut into days, weeks, months or years of the workspace's own zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from feedback.reporting.period import Period

DAY, WEEK, MONTH, YEAR = "day", "week", "month", "year"
_LONGEST = ((DAY, 42), (WEEK, 280), (MONTH, 3653))
_MOST = 120


def step_of(period: Period) -> str:
    """How a period is cut: so that some 10 to 120 pieces come of it, by its length alone."""
    days = (period.end - period.start) / timedelta(days=1)
    return next((step for step, longest in _LONGEST if days <= longest), YEAR)


def pieces(period: Period, zone: tzinfo) -> list[Period]:
    """The consecutive pieces of a period, the first and the last cut to it; at most 120.

    Days begin at the zone's own midnight, so that one has 23 hours and another 25; weeks on
    Monday, months on their first. Of a history longer than that, the latest pieces.
    """
    step, last = step_of(period), period.end.astimezone(zone)
    starts: list[datetime] = []
    if period.start < period.end:
        for day in _back(last, step):
            at = datetime.combine(day, time(), zone).astimezone(UTC)
            if at < period.end:
                starts.append(max(at, period.start))
            if at <= period.start or len(starts) == _MOST:
                break
    starts.reverse()
    ends = [*starts[1:], period.end]
    return [Period(start, end) for start, end in zip(starts, ends, strict=False)]


def _back(last: datetime, step: str) -> Iterator[date]:
    """The first days of the steps, from the one that holds `last` backwards."""
    day = _first(last.date(), step)
    while True:
        yield day
        if day <= date(2, 1, 1):
            return
        day = _first(day - timedelta(days=1), step)


def _first(day: date, step: str) -> date:
    if step == WEEK:
        return day - timedelta(days=day.weekday())
    if step == MONTH:
        return day.replace(day=1)
    return day.replace(month=1, day=1) if step == YEAR else day
