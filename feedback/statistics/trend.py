"""Whether a share moved between two periods."""

from __future__ import annotations

from dataclasses import dataclass

from feedback.statistics.columns.moments import column
from feedback.statistics.columns.trend import TrendColumns, compares


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


def trends(found: TrendColumns) -> list[Trend]:
    """A trend a row."""
    columns = (found.previous, found.current, found.low, found.high, found.p)
    rows = zip(*(part.tolist() for part in columns), strict=True)
    return [Trend(*(None if figure != figure else figure for figure in row)) for row in rows]


def compare(before: int, n_before: int, now: int, n_now: int) -> Trend:
    """Two independent shares by Agresti and Caffo (2000): two answers added to each sample."""
    (found,) = trends(compares(column([before]), n_before, column([now]), n_now))
    return found
