"""Days in a workspace's own zone, and the stretches of days that sums are kept for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from feedback.reporting.period import Period

FAN = 4
TOP = 3
"""A stretch of level n is FAN**n days, up to level TOP (64 days)."""

HOUR = "%Y-%m-%d %H"
_FIRST, _LAST = date.min.toordinal() + 2, date.max.toordinal() - 2


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one zone, as Python's ordinals; a day begins at its first moment there."""

    zone: ZoneInfo

    def start(self, day: int) -> datetime:
        """The first moment of a day, UTC."""
        day = min(max(day, _FIRST), _LAST)
        return datetime.combine(date.fromordinal(day), time(), self.zone).astimezone(UTC)

    def period(self, first: int, last: int) -> Period:
        """From the first moment of one day to the last of another."""
        return Period(self.start(first), self.start(last + 1))

    def day(self, moment: datetime) -> int:
        """The day in which a moment lies."""
        day = moment.astimezone(self.zone).date().toordinal()
        # where clocks go back over midnight, the date alone would say it twice
        while moment < self.start(day):
            day -= 1
        while moment >= self.start(day + 1):
            day += 1
        return day

    def days_of_hour(self, hour: str) -> range:
        """The one or two days that an hour (UTC, as marks name it) lies in."""
        first = datetime.strptime(hour, HOUR).replace(tzinfo=UTC)
        last = first + timedelta(hours=1) - timedelta(microseconds=1)
        return range(self.day(first), self.day(last) + 1)

    def whole_days(self, period: Period) -> range:
        """The days that lie in a period whole."""
        first = self.day(period.start)
        first += self.start(first) < period.start
        return range(first, max(first, self.day(period.end)))


@dataclass(frozen=True, slots=True)
class Stretch:
    """The nodes `first` to `last` of a level."""

    level: int
    first: int
    last: int


def stretches(first: int, end: int) -> Iterator[Stretch]:
    """As few nodes as make up the days from `first` to just before `end`."""
    for level in range(TOP):
        if first >= end:
            return
        inner = min(end, -(-first // FAN) * FAN)
        if first < inner:
            yield Stretch(level, first, inner - 1)
        outer = max(inner, end // FAN * FAN)
        if outer < end:
            yield Stretch(level, outer, end - 1)
        first, end = inner // FAN, outer // FAN
        if inner % FAN:
            return
    if first < end:
        yield Stretch(TOP, first, end - 1)


def runs(days: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Days in order as (first, just after the last) of each run without a gap."""
    first = last = None
    for day in sorted(days):
        if first is None or last is None:
            first = day
        elif day != last + 1:
            yield first, last + 1
            first = day
        last = day
    if first is not None and last is not None:
        yield first, last + 1
