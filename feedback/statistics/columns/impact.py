"""What themes cost the score, over columns.

Leave-one-theme-out: impact = score(all) - score(all without the theme) = p·d, where p is the
share of responses that speak badly of the theme and d how far their mean lies from everybody
else's mean. The delta method's interval is too short in small cells (and empty where all of them
agree), so the interval of p·d is put together from those of its three parts: the cell's score,
the others' score, and p (variance recovery; Newcombe 1998, Zou & Donner 2008). The two scores'
correlation, which their common customers bring, is in the interval of d (Zou 2007).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feedback.statistics.columns.clustered import correlations
from feedback.statistics.columns.intervals import Limits, bounded_means, wideneds, wilsons
from feedback.statistics.columns.moments import Column, MomentColumns, Places, ratio
from feedback.statistics.columns.parted import PartedColumns
from feedback.statistics.columns.student import cdfs, quantiles
from feedback.statistics.intervals import UPPER
from feedback.statistics.metrics import MIN_SHOWN, POINTS, Metric


@dataclass(frozen=True, slots=True, eq=False)
class ImpactColumns:
    """The `Impact` of many cells in one metric, each column (k,), NaN where there is none."""

    n: Column
    value: Column
    low: Column
    high: Column
    p: Column

    def taken(self, rows: Places) -> ImpactColumns:
        """These rows alone."""
        columns = (self.n, self.value, self.low, self.high, self.p)
        return ImpactColumns(*(column[rows] for column in columns))


def group_intervals(metric: Metric, groups: MomentColumns, wider: Column) -> Limits:
    """The 95% intervals of groups' scores that hold for customers with these stretches.

    Wilson for a share, else a bounded mean.
    """
    least, most = POINTS[metric]
    if metric is Metric.CSAT:
        low, high = wilsons(groups.total / most, groups.n)
        usual = most * low, most * high
    else:
        usual = bounded_means(groups, least, most)
    return wideneds(wider, groups.mean, usual, least, most)


def differences(metric: Metric, parted: PartedColumns) -> Limits:
    """The 95% intervals of the cells' scores less the rest's."""
    a, b = parted.cell.points, parted.rest.points
    wider, other = parted.stretches
    (a_low, a_high), (b_low, b_high) = (
        group_intervals(metric, a, wider),
        group_intervals(metric, b, other),
    )
    alike = correlations(parted.cell, parted.rest, parted.shared)
    first, second = a.mean, b.mean
    gap = first - second
    below, above = first - a_low, a_high - first
    under, over = second - b_low, b_high - second
    down = below**2 + over**2 - 2.0 * alike * below * over
    up = above**2 + under**2 - 2.0 * alike * above * under
    return gap - np.sqrt(np.maximum(0.0, down)), gap + np.sqrt(np.maximum(0.0, up))


def products(share: Column, shares: Limits, value: Column, values: Limits) -> Limits:
    """The 95% intervals of share times value from the intervals of both.

    Each limit takes the margins on its own side, so that skewness is kept.
    """
    below, above = share - shares[0], shares[1] - share
    down, up = np.where(value < 0, above, below), np.where(value < 0, below, above)
    return (
        share * value - np.hypot(value * down, share * (value - values[0])),
        share * value + np.hypot(value * up, share * (values[1] - value)),
    )


def p_belows(value: Column, limits: Limits, degrees: Column) -> Column:
    """The one-sided p-values of "not below zero" that agree with the 95% intervals.

    The margin towards zero counts as so many standard errors as it spans in Student's t, whose
    tail then gives p: below 0.025 just where the interval lies below zero.
    """
    margin = np.where(value < 0, limits[1] - value, value - limits[0])
    some = margin > 0.0
    t = quantiles(UPPER, degrees) * ratio(value, np.where(some, margin, 0.0))
    return np.where(some, cdfs(t, degrees), 1.0)


def shares_of(parted: PartedColumns) -> Limits:
    """The 95% intervals of the shares of responses in the cells, a customer's being alike."""
    n, whole = parted.cell.points.n, parted.whole.points.n
    return wideneds(parted.saying, n / whole, wilsons(n, whole), 0.0, 1.0)


def impacts(metric: Metric, parted: PartedColumns) -> ImpactColumns:
    """The impacts on `metric` of the responses in cells, each against those of the rest.

    n counts responses; fewer than `MIN_SHOWN` customers on either side have no figure.
    """
    n = parted.cell.points.n
    shown = np.minimum(parted.cell.customers, parted.rest.customers) >= MIN_SHOWN
    places = np.flatnonzero(shown)
    figures = [np.full(len(n), np.nan) for _ in range(4)]
    for column, found in zip(figures, _impacts(metric, parted, places), strict=True):
        column[places] = found
    return ImpactColumns(n, *figures)


def _impacts(
    metric: Metric, parted: PartedColumns, places: Places
) -> tuple[Column, Column, Column, Column]:
    """Value, limits and p of these cells, which have customers enough."""
    part = parted if len(places) == len(parted.saying) else parted.taken(places)
    cell, whole = part.cell.points, part.whole.points
    gap, gaps = cell.mean - part.rest.points.mean, differences(metric, part)
    low, high = products(cell.n / whole.n, shares_of(part), gap, gaps)
    value = cell.n * (cell.mean - whole.mean) / (whole.n - cell.n)
    p = p_belows(gap, gaps, np.maximum(1.0, part.cell.effective))
    return value, np.minimum(low, value), np.maximum(high, value), p
