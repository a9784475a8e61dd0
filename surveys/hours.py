"""The hour of sending, learnt from who answered: Thompson sampling over hours of the day.

Each hour's chance of an answer has a Beta distribution, of those asked at that hour who answered
and who did not. A chance is drawn from each, and the hour with the highest draw is taken: an hour
that may be the best is tried as often as it may be (Thompson 1933; Chapelle and Li 2011).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

MEMORY = 2000
"""Of an hour's past so many count: what people did years ago must not outweigh this month."""


@dataclass(frozen=True, slots=True)
class Hour:
    """How many were asked at an hour of their own day, and how many of them answered."""

    asked: int = 0
    answered: int = 0


def choose(seen: Mapping[int, Hour], allowed: Sequence[int], seed: str) -> int:
    """One of the allowed hours, 0 to 23; the same seed and past give the same hour."""
    chance = Random(seed)  # noqa: S311 - a draw, not a secret
    drawn = {hour: _draw(seen.get(hour, Hour()), chance) for hour in sorted(allowed)}
    return max(drawn, key=lambda hour: drawn[hour])


def _draw(hour: Hour, chance: Random) -> float:
    scale = min(1.0, MEMORY / hour.asked) if hour.asked else 1.0
    answered = hour.answered * scale
    return chance.betavariate(1 + answered, 1 + hour.asked * scale - answered)
