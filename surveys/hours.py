"""The hour of sending, learnt from who answered: Thompson sampling over hours of the day.

Each hour's chance of an answer has a Beta distribution, of those asked at that hour who answered
and who did not. A chance is drawn from each, and the hour with the highest draw is taken: an hour
that may be the best is tried as often as it may be (Thompson 1933; Chapelle and Li 2011).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from surveys.quiet import Quiet, first_allowed
from surveys.windows import Window, opens_at

MEMORY = 2000
"""Of an hour's past so many count: what people did years ago must not outweigh this month."""
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_TURNS = 40
"""So often window and quiet time are asked in turn for a moment that suits both."""


@dataclass(frozen=True, slots=True)
class Hour:
    """How many were asked at an hour of their own day, and how many of them answered."""

    asked: int = 0
    answered: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """When an invitation may be sent: its window, quiet time in these zones, and its end."""

    before: datetime
    window: Window | None = None
    quiet: Quiet | None = None
    zones: Sequence[str] = ()


def choose(seen: Mapping[int, Hour], allowed: Sequence[int], seed: str) -> int:
    """One of the allowed hours, 0 to 23; the same seed and past give the same hour."""
    chance = Random(seed)  # noqa: S311 - a draw, not a secret
    drawn = {hour: _draw(seen.get(hour, Hour()), chance) for hour in sorted(allowed)}
    return max(drawn, key=lambda hour: drawn[hour])


def _draw(hour: Hour, chance: Random) -> float:
    scale = min(1.0, MEMORY / hour.asked) if hour.asked else 1.0
    answered = hour.answered * scale
    return chance.betavariate(1 + answered, 1 + hour.asked * scale - answered)


def moments(at: datetime, zone: ZoneInfo, limits: Limits) -> dict[int, datetime]:
    """By hour of the zone's day the first moment from `at` on at which one may send; UTC.

    Of a day from the first such moment on; an hour without one is left out.
    """
    found: dict[int, datetime] = {}
    moment = _allowed(at, zone, limits)
    end = limits.before if moment is None else min(limits.before, moment + _DAY)
    while moment is not None and moment < end:
        found.setdefault(moment.astimezone(zone).hour, moment)
        moment = _allowed(_next_hour(moment, zone), zone, limits)
    return found


def _next_hour(moment: datetime, zone: ZoneInfo) -> datetime:
    """When the zone's clock shows the next full hour."""
    local = moment.astimezone(zone)
    into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return moment + _HOUR - into


def _allowed(at: datetime, zone: ZoneInfo, limits: Limits) -> datetime | None:
    """The first moment from `at` on in the window and not in quiet time; None where there is none
    before the end."""
    for _ in range(_TURNS):
        opened = opens_at(limits.window, at, zone) if limits.window else at
        calm: datetime | None = opened if opened < limits.before else None
        if calm is not None and limits.quiet is not None:
            calm = first_allowed(limits.quiet, limits.zones, opened, limits.before)
        if calm is None or calm == opened:
            return calm
        at = calm
    return None
