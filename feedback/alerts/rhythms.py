"""Days and weeks of a workspace's own calendar, and how sure one must be to speak up in each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from feedback.reporting.period import Period

SETTLE = timedelta(hours=6)
"""How long after its end a period is looked at: answers given late at night are read by then."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a series is looked at.

    A period is `days` long; `season` periods make a cycle; `history` earlier ones say what is
    expected, without the last `lag` of them where enough are left. `rate` is the false discovery
    rate of one look. Looks in time are many too: 365 at 0.01% and 52 at 0.2% find something in
    at most one of seven years in which nothing changes.
    """

    name: str
    days: int
    season: int
    history: int
    lag: int
    rate: float
    words: str


DAY = Rhythm("day", 1, 7, 105, 21, 0.0001, "day by day")
WEEK = Rhythm("week", 7, 1, 29, 3, 0.002, "week by week")
RHYTHMS = {one.name: one for one in (DAY, WEEK)}


def midnight(day: date, zone: tzinfo) -> datetime:
    """When a day begins there, as UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def first_of(rhythm: Rhythm, day: date) -> date:
    """The first day of the period that a day lies in: itself, or its Monday."""
    return day if rhythm.days == 1 else day - timedelta(days=day.weekday())


def last_whole(rhythm: Rhythm, now: datetime, zone: tzinfo) -> date:
    """The first day of the last period that has ended and settled."""
    local = (now - SETTLE).astimezone(zone).date()
    return first_of(rhythm, local) - timedelta(days=rhythm.days)


def after(rhythm: Rhythm, first: date, many: int = 1) -> date:
    """The first day of the period so many on; before it with a negative number."""
    return first + timedelta(days=rhythm.days * many)


def period(rhythm: Rhythm, first: date, zone: tzinfo) -> Period:
    """From midnight to midnight there, however long clock changes make that."""
    return Period(midnight(first, zone), midnight(after(rhythm, first), zone))


def starts(rhythm: Rhythm, latest: date) -> list[date]:
    """The first days of the periods of a chart, oldest first, the latest last."""
    return [after(rhythm, latest, -back) for back in range(rhythm.history, -1, -1)]


def key_of(rhythm: Rhythm, first: date) -> str:
    """The key of one look: `day:2026-11-28`."""
    return f"{rhythm.name}:{first.isoformat()}"


def read_key(key: str) -> tuple[Rhythm, date]:
    """The rhythm and the first day that a key names."""
    name, _, day = key.partition(":")
    return RHYTHMS[name], date.fromisoformat(day)


def words(rhythm: Rhythm, first: date) -> str:
    """How people call the period: `Saturday 28 November`, `the week of 16 to 22 November`."""
    if rhythm.days == 1:
        return f"{first:%A} {first.day} {first:%B}"
    return f"the week of {week_words(first)}"


def week_words(first: date) -> str:
    """The days of a week that begins then: `16 to 22 November`."""
    last = first + timedelta(days=6)
    month = "" if first.month == last.month else f" {first:%B}"
    return f"{first.day}{month} to {last.day} {last:%B}"
