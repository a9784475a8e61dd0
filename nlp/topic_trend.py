"""Whether a topic's share of all comments changed from one period to the next."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Z = 1.959963984540054
FEW = 20
"""With fewer comments in both periods together, no change seen is not the same as none."""

Trend = Literal["new", "growing", "fading", "steady", "unsure"]


@dataclass(frozen=True, slots=True)
class Change:
    """A topic in two periods; low and high bound the difference of its shares (95%).

    `new`: none before and more now than chance explains; `unsure`: too few comments to say. Among
    twenty topics that don't change, one is still called growing or fading on average.
    """

    before: int
    of_before: int
    now: int
    of_now: int
    low: float
    high: float
    trend: Trend

    @property
    def difference(self) -> float:
        """The share now less the share before; 0 where a period has no comment."""
        if not self.of_before or not self.of_now:
            return 0.0
        return self.now / self.of_now - self.before / self.of_before


def change(*, before: int, of_before: int, now: int, of_now: int) -> Change:
    """Compare a topic's comments among all of each period."""
    low, high = -1.0, 1.0
    if of_before and of_now:
        low, high = difference_interval(now, of_now, before, of_before)
    return Change(before, of_before, now, of_now, low, high, _trend(before, now, low, high))


def difference_interval(first: int, n: int, second: int, m: int) -> tuple[float, float]:
    """Newcombe's (1998) interval 10 of first/n - second/m; both periods have comments."""
    p, q = first / n, second / m
    (p_low, p_high), (q_low, q_high) = _wilson(p, n), _wilson(q, m)
    low = p - q - math.hypot(p - p_low, q_high - q)
    high = p - q + math.hypot(p_high - p, q - q_low)
    return low, high


def _trend(before: int, now: int, low: float, high: float) -> Trend:
    if low > 0:
        return "growing" if before else "new"
    if high < 0:
        return "fading"
    return "steady" if before + now >= FEW and (low, high) != (-1.0, 1.0) else "unsure"


def _wilson(share: float, n: int) -> tuple[float, float]:
    centre = share + Z * Z / (2 * n)
    half = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    spread = 1 + Z * Z / n
    return (centre - half) / spread, (centre + half) / spread
