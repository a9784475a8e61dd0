"""Differences and impacts where customers answer more than once, some of them on both sides.

The interval of a difference is put together from those of its two means with the correlation
that their common customers bring (variance recovery; Zou 2007). The impact of a theme is built
as in `impact.py`: with one response a customer it is the same, to the last figure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from feedback.statistics.clustered import Clusters, Shared, covariance, joined, variance, widened
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


def correlation(a: Clusters, b: Clusters, shared: Shared) -> float:
    """The correlation of two cells' means, -1 to 1; 0 where nobody is in both."""
    first, second = variance(a), variance(b)
    if not first or not second:
        return 0.0
    found = covariance(a, b, shared) / math.sqrt(first * second)
    return min(1.0, max(-1.0, found))


def group(metric: Metric, cell: Clusters) -> Interval:
    """The 95% interval of a group's score that holds for its customers."""
    usual = group_interval(metric, cell.points)
    return widened(cell, cell.points.mean, usual, *POINTS[metric])


def _recovered(gap: float, margins: tuple[Interval, Interval], alike: float) -> Interval:
    """Zou's (2007) limits of a difference from (below, above) margins of its two means."""
    (a_below, a_above), (b_below, b_above) = margins
    down = a_below**2 + b_above**2 - 2.0 * alike * a_below * b_above
    up = a_above**2 + b_below**2 - 2.0 * alike * a_above * b_below
    return gap - math.sqrt(max(0.0, down)), gap + math.sqrt(max(0.0, up))


def _gaps(metric: Metric, a: Clusters, b: Clusters, alike: float) -> Interval:
    (a_low, a_high), (b_low, b_high) = group(metric, a), group(metric, b)
    first, second = a.points.mean, b.points.mean
    margins = ((first - a_low, a_high - first), (second - b_low, b_high - second))
    return _recovered(first - second, margins, alike)


def difference(metric: Metric, a: Clusters, b: Clusters, shared: Shared) -> Difference:
    """The score of a less that of b, whose customers may overlap; responses may not.

    Nothing is said of fewer than `MIN_SHOWN` customers on either side.
    """
    if min(a.customers, b.customers) < MIN_SHOWN:
        return Difference()
    alike = correlation(a, b, shared)
    low, high = _gaps(metric, a, b, alike)
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


def _shares(cell: Clusters, whole: Clusters, shared: Shared) -> Interval:
    """The 95% interval of the share of responses in the cell, a customer's being alike."""
    n, said = cell.points.n, saying(cell, whole, shared)
    return widened(said, n / whole.points.n, wilson(n, whole.points.n), 0.0, 1.0)


def impact(metric: Metric, cell: Clusters, rest: Clusters, shared: Shared) -> Impact:
    """The impact on `metric` of the responses in `cell`, against those of `rest`.

    `rest` holds every other response, `shared` the customers with responses in both. n counts
    responses; fewer than `MIN_SHOWN` customers on either side have no figure.
    """
    n = cell.points.n
    if min(cell.customers, rest.customers) < MIN_SHOWN:
        return Impact(metric, n)
    whole = joined(cell, rest, shared)
    gap = cell.points.mean - rest.points.mean
    gaps = _gaps(metric, cell, rest, correlation(cell, rest, shared))
    shares = _shares(cell, whole, shared)
    low, high = product(n / whole.points.n, shares, gap, gaps)
    value = leave_out(cell.points, whole.points)
    p = p_below(gap, gaps, max(1.0, cell.effective_customers))
    return Impact(metric, n, value, min(low, value), max(high, value), p)
