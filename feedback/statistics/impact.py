"""What a theme costs the score: leave-one-theme-out, with an interval that holds in small cells.

The formulas stand in `columns.impact`, which computes them for many cells at once; here is the
figure of one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feedback.statistics.columns.clustered import ClusterColumns, SharedColumns
from feedback.statistics.columns.impact import ImpactColumns, impacts, p_belows
from feedback.statistics.columns.moments import MomentColumns, column
from feedback.statistics.columns.parted import PartedColumns
from feedback.statistics.intervals import Interval
from feedback.statistics.metrics import SMALL_CELL, Metric
from feedback.statistics.sums import Moments


@dataclass(frozen=True, slots=True)
class Impact:
    """Points of the metric that a theme costs (below 0), with a 95% interval.

    `n` counts the scored responses that mention it; `p` is the one-sided chance to see them
    score this much lower if the theme cost nothing. None: too few, or nothing to compare with.
    """

    metric: Metric
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None

    @property
    def small(self) -> bool:
        """Whether the cell is small, and to be read with care."""
        return self.n < SMALL_CELL


def row(metric: Metric, found: ImpactColumns, place: int) -> Impact:
    """One cell of many."""
    n, value = int(found.n[place]), found.value[place]
    if np.isnan(value):
        return Impact(metric, n)
    figures = (found.value, found.low, found.high, found.p)
    return Impact(metric, n, *(float(figure[place]) for figure in figures))


def leave_out(cell: Moments, whole: Moments) -> float:
    """score(all) - score(all without the cell) = n_t(S_t - S)/(n - n_t); the rest not empty."""
    return cell.n * (cell.mean - whole.mean) / (whole.n - cell.n)


def p_below(value: float, interval: Interval, degrees: float) -> float:
    """The one-sided p-value of "not below zero" that agrees with the 95% interval."""
    low, high = (column([end]) for end in interval)
    return float(p_belows(column([value]), (low, high), column([degrees]))[0])


def impact(metric: Metric, cell: Moments, whole: Moments) -> Impact:
    """The impact on `metric` of the responses in `cell`, part of `whole`, one a customer."""
    own, rest = (ClusterColumns.single(MomentColumns.of([part])) for part in (cell, whole - cell))
    return row(metric, impacts(metric, PartedColumns(own, rest, SharedColumns.none(1))), 0)
