"""When to ask: pure functions of times; everything in aware UTC, zones only inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from models.errors import InvalidInput

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class QuietHours:
    """A daily span of the customer's own clock in which nobody is asked; may cross midnight."""

    start: time
    end: time

    def covers(self, at: time) -> bool:
        """Whether a local time of day lies in the span (its end is outside)."""
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


def due_at(occurred_at: datetime, delay: timedelta) -> datetime:
    """When an invitation is due: the event's own time and the trigger's delay."""
    if delay < timedelta(0):
        raise InvalidInput("is negative", field="delay", mend="Use zero or more.")
    return _utc(occurred_at, "occurred_at") + delay


def expires_at(due: datetime, lasts: timedelta) -> datetime:
    """When an invitation is no longer worth sending."""
    if lasts <= timedelta(0):
        raise InvalidInput(
            "must be longer than nothing", field="expires", mend="Use 1 hour or more."
        )
    return _utc(due, "due_at") + lasts


def allowed_from(at: datetime, zone: str | None, quiet: QuietHours | None = None) -> datetime:
    """The first moment from `at` on that is outside quiet hours in the customer's zone.

    An unknown or missing zone counts as UTC.
    """
    moment = _utc(at, "at")
    if quiet is None:
        return moment
    there = zone_of(zone)
    while quiet.covers(moment.astimezone(there).time()):
        moment = next_at(moment, there, quiet.end)
    return moment


def next_at(after: datetime, zone: ZoneInfo, clock: time) -> datetime:
    """The first moment later than `after` at which the zone's clock shows `clock`, in UTC.

    On the day that the clock jumps over it, the moment of the jump; where the clock shows it
    twice, each counts.
    """
    day = after.astimezone(zone).date()
    while True:
        for shown in _shows(zone, day, clock):
            if shown > after:
                return shown
        day += _DAY


def _shows(zone: ZoneInfo, day: date, clock: time) -> tuple[datetime, ...]:
    naive = datetime.combine(day, clock, tzinfo=zone)
    early = naive.astimezone(UTC)
    late = naive.replace(fold=1).astimezone(UTC)
    if early <= late:
        return (early,) if early == late else (early, late)
    return (_jump(zone, late, early),)


def _jump(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The moment between the two at which the zone's clock jumps, to the second."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0) if after.microsecond else after


def day_begins(zone: ZoneInfo, day: date) -> datetime:
    """The first moment of a day of that zone, in UTC."""
    return _shows(zone, day, time(0))[0]


@lru_cache(maxsize=1024)
def zone_of(name: str | None) -> ZoneInfo:
    """The IANA zone of that name; UTC where it is missing or unknown."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def is_zone(name: object) -> bool:
    """Whether this is the name of a zone that is known."""
    return isinstance(name, str) and bool(name) and (name == "UTC" or zone_of(name).key == name)


def _utc(at: datetime, field: str) -> datetime:
    if at.tzinfo is None:
        raise InvalidInput("has no time zone", field=field, mend="Give an aware UTC time.")
    return at.astimezone(UTC)
