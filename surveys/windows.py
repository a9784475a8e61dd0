"""The hours and days in which a trigger's invitations may be sent, on the customer's clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS_END = "24:00"
"""How an end at midnight is written; an end of "00:00" means the same."""
_ALL = frozenset(range(7))


@dataclass(frozen=True)
class Window:
    """From `start` until before `end` (midnight: to the day's end), on `days` (0 is Monday)."""

    start: time = time()
    end: time = time()
    days: frozenset[int] = _ALL


def read_window(data: Mapping[str, Any] | None) -> Window | None:
    """A window as kept with a trigger; None where there is none."""
    if not data:
        return None
    days = frozenset(DAYS.index(day) for day in data.get("days") or DAYS)
    return Window(_hour(data.get("from")), _hour(data.get("to")), days)


def _hour(text: str | None) -> time:
    return time.fromisoformat(text) if text and text != DAYS_END else time()


def opens_at(window: Window, at: datetime, zone: ZoneInfo) -> datetime:
    """The first moment from `at` on that lies in the window, in UTC; `at` itself where it does."""
    local = at.astimezone(zone)
    for ahead in range(8):
        day = local.date() + timedelta(days=ahead)
        if day.weekday() not in window.days:
            continue
        start = datetime.combine(day, window.start, tzinfo=zone).astimezone(UTC)
        if at < _end(window, local, ahead, zone):
            return max(at, start)
    raise AssertionError("a window has a day and is open on it")


def _end(window: Window, local: datetime, ahead: int, zone: ZoneInfo) -> datetime:
    past_midnight = 1 if window.end <= window.start else 0
    day = local.date() + timedelta(days=ahead + past_midnight)
    return datetime.combine(day, window.end, tzinfo=zone).astimezone(UTC)
