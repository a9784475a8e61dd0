"""Differences and impacts where customers answer more than once, some of them on both sides.

The interval of a difference is put together from those of its two means with the correlation
that their common customers bring (variance recovery; Zou 2007). The impact of a theme is built
as in `impact.py`: with one response a customer it is the same, to the last figure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

from feedback.statistics.clustered import (
    Clusters,
    Shared,
    covariance,
    joined,
    stretch,
    variance,
    widened,
)
from feedback.statistics.impact import Impact, group_interval, leave_out, p_below, product
from feedback.statistics.intervals import Interval, wilson
from feedback.statistics.metrics import MIN_SHOWN, POINTS, Metric
from feedback.statistics.sums import Moments


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of a less that of b, in points, with its 95% interval.

    `variance` is the cluster-robust one, None where either side has a single customer, and
    `correlation` that of the two means. All figures None: too few customers on a side.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    variance: float | None = None
    correlation: float = 0.0


@dataclass(frozen=True)
class Parted:
    """The customers of one cell, of all other responses, and what the two have in common.

    How far their intervals are stretched takes a while to compute, and is asked for more than
    once.
    """

    cell: Clusters = field(default_factory=Clusters)
    rest: Clusters = field(default_factory=Clusters)
    shared: Shared = field(default_factory=Shared)

    @cached_property
    def whole(self) -> Clusters:
        """The customers of all responses."""
        return joined(self.cell, self.rest, self.shared)

    @cached_property
    def stretches(self) -> tuple[float, float]:
        """Of the score of the cell, and of the rest."""
        return stretch(self.cell), stretch(self.rest)

    @cached_property
    def saying(self) -> float:
        """Of the share of responses in the cell."""
        return stretch(saying(self.cell, self.whole, self.shared))


def correlation(a: Clusters, b: Clusters, shared: Shared) -> float:
    """The correlation of two cells' means, -1 to 1; 0 where nobody is in both."""
    first, second = variance(a), variance(b)
    if not first or not second:
        return 0.0
    found = covariance(a, b, shared) / math.sqrt(first * second)
    return min(1.0, max(-1.0, found))


def group(metric: Metric, points: Moments, wider: float) -> Interval:
    """The 95% interval of a group's score that holds for customers with this `stretch`."""
    return widened(wider, points.mean, group_interval(metric, points), *POINTS[metric])


def _recovered(gap: float, margins: tuple[Interval, Interval], alike: float) -> Interval:
    """Zou's (2007) limits of a difference from (below, above) margins of its two means."""
    (a_below, a_above), (b_below, b_above) = margins
    down = a_below**2 + b_above**2 - 2.0 * alike * a_below * b_above
    up = a_above**2 + b_below**2 - 2.0 * alike * a_above * b_below
    return gap - math.sqrt(max(0.0, down)), gap + math.sqrt(max(0.0, up))


def _gaps(metric: Metric, parted: Parted, alike: float) -> Interval:
    a, b = parted.cell.points, parted.rest.points
    wider, other = parted.stretches
    (a_low, a_high), (b_low, b_high) = group(metric, a, wider), group(metric, b, other)
    first, second = a.mean, b.mean
    margins = ((first - a_low, a_high - first), (second - b_low, b_high - second))
    return _recovered(first - second, margins, alike)


def difference(metric: Metric, a: Clusters, b: Clusters, shared: Shared) -> Difference:
    """The score of a less that of b, whose customers may overlap; responses may not.

    Nothing is said of fewer than `MIN_SHOWN` customers on either side.
    """
    if min(a.customers, b.customers) < MIN_SHOWN:
        return Difference()
    alike = correlation(a, b, shared)
    low, high = _gaps(metric, Parted(a, b, shared), alike)
    first, second = variance(a), variance(b)
    whole = None
    if first is not None and second is not None:
        whole = max(0.0, first + second - 2.0 * covariance(a, b, shared))
    return Difference(a.points.mean - b.points.mean, low, high, whole, alike)


def saying(cell: Clusters, whole: Clusters, shared: Shared) -> Clusters:
    """The customers of "this response is in the cell": 1 if it is, 0 if not.

    S_c is then the customer's responses in the cell, so no further sums are needed.
    """
    n = float(cell.points.n)
    points, crossed = Moments(whole.points.n, n, n), cell.sizes + shared.sizes
    return Clusters(points, whole.customers, whole.sizes, cell.sizes, crossed)


def _shares(parted: Parted) -> Interval:
    """The 95% interval of the share of responses in the cell, a customer's being alike."""
    n, whole = parted.cell.points.n, parted.whole.points.n
    return widened(parted.saying, n / whole, wilson(n, whole), 0.0, 1.0)


def impact(metric: Metric, parted: Parted) -> Impact:
    """The impact on `metric` of the responses in a cell, against those of the rest.

    n counts responses; fewer than `MIN_SHOWN` customers on either side have no figure.
    """
    cell, rest = parted.cell, parted.rest
    n = cell.points.n
    if min(cell.customers, rest.customers) < MIN_SHOWN:
        return Impact(metric, n)
    whole = parted.whole.points
    gap = cell.points.mean - rest.points.mean
    gaps = _gaps(metric, parted, correlation(cell, rest, parted.shared))
    low, high = product(n / whole.n, _shares(parted), gap, gaps)
    value = leave_out(cell.points, whole)
    p = p_below(gap, gaps, max(1.0, cell.effective_customers))
    return Impact(metric, n, value, min(low, value), max(high, value), p)
