"""Whether many shares moved between two periods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feedback.statistics.columns.moments import Column, Places
from feedback.statistics.columns.student import normal_twice
from feedback.statistics.intervals import Z
from feedback.statistics.metrics import MIN_SHOWN


@dataclass(frozen=True, slots=True, eq=False)
class TrendColumns:
    """The `Trend` of many shares, each column (k,), NaN where there is none."""

    previous: Column
    current: Column
    low: Column
    high: Column
    p: Column

    def taken(self, rows: Places) -> TrendColumns:
        """These rows alone."""
        columns = (self.previous, self.current, self.low, self.high, self.p)
        return TrendColumns(*(column[rows] for column in columns))


def compares(before: Column, n_before: float, now: Column, n_now: float) -> TrendColumns:
    """Two independent shares each by Agresti and Caffo (2000): two answers added to each sample."""
    size = len(before)
    none = np.full(size, np.nan)
    previous = before / n_before if n_before >= MIN_SHOWN else none
    current = now / n_now if n_now >= MIN_SHOWN else none
    if min(n_before, n_now) < MIN_SHOWN:
        return TrendColumns(previous, current, none, none, none)
    p0, p1 = (before + 1) / (n_before + 2), (now + 1) / (n_now + 2)
    error = np.sqrt(p0 * (1 - p0) / (n_before + 2) + p1 * (1 - p1) / (n_now + 2))
    change, raw = p1 - p0, current - previous
    low, high = np.minimum(raw, change - Z * error), np.maximum(raw, change + Z * error)
    p = normal_twice(np.abs(change) / error)
    return TrendColumns(previous, current, np.maximum(-1.0, low), np.minimum(1.0, high), p)
