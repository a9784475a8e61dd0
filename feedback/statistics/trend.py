"""Whether a share moved between two periods."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from feedback.statistics.intervals import Z
from feedback.statistics.metrics import MIN_SHOWN


@dataclass(frozen=True, slots=True)
class Trend:
    """A share before and now; the change's 95% interval and two-sided p.

    A period with fewer than `MIN_SHOWN` responses has no share, and without both no p.
    """

    previous: float | None
    current: float | None
    low: float | None = None
    high: float | None = None
    p: float | None = None


def _share(count: int, n: int) -> float | None:
    return count / n if n >= MIN_SHOWN else None


def compare(before: int, n_before: int, now: int, n_now: int) -> Trend:
    """Two independent shares by Agresti and Caffo (2000): two answers added to each sample."""
    previous, current = _share(before, n_before), _share(now, n_now)
    if previous is None or current is None:
        return Trend(previous, current)
    p0, p1 = (before + 1) / (n_before + 2), (now + 1) / (n_now + 2)
    error = math.sqrt(p0 * (1 - p0) / (n_before + 2) + p1 * (1 - p1) / (n_now + 2))
    change, raw = p1 - p0, current - previous
    low, high = min(raw, change - Z * error), max(raw, change + Z * error)
    p = 2.0 * NormalDist().cdf(-abs(change) / error)
    return Trend(previous, current, max(-1.0, low), min(1.0, high), p)
