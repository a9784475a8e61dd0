"""When to ask: pure functions of times; everything in aware UTC, zones only inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from models.errors import InvalidInput


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
    local = moment.astimezone(zone_of(zone))
    if not quiet.covers(local.time()):
        return moment
    day = local.date() if local.time() < quiet.end else local.date() + timedelta(days=1)
    end = datetime.combine(day, quiet.end, tzinfo=local.tzinfo)
    return max(moment, end.astimezone(UTC))


def zone_of(name: str | None) -> ZoneInfo:
    """The IANA zone of that name; UTC where it is missing or unknown."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _utc(at: datetime, field: str) -> datetime:
    if at.tzinfo is None:
        raise InvalidInput("has no time zone", field=field, mend="Give an aware UTC time.")
    return at.astimezone(UTC)
