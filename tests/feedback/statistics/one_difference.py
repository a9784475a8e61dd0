"""Differences and impacts where customers answer more than once, some of them on both sides.

The formulas stand in `columns.impact`, which computes them for many cells at once; here are the
figures of one. With one response a customer they are those of `impact.py`, to the last figure.
"""

from __future__ import annotations

from dataclasses import dataclass

from feedback.statistics.clustered import Clusters, Parted, Shared, variance
from feedback.statistics.columns.clustered import (
    ClusterColumns,
    SharedColumns,
    correlations,
    covariances,
)
from feedback.statistics.columns.impact import differences, impacts
from feedback.statistics.columns.parted import PartedColumns
from feedback.statistics.impact import Impact, row
from feedback.statistics.metrics import MIN_SHOWN, Metric


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


Sides = tuple[ClusterColumns, ClusterColumns, SharedColumns]


def _sides(a: Clusters, b: Clusters, shared: Shared) -> Sides:
    return ClusterColumns.of([a]), ClusterColumns.of([b]), SharedColumns.of([shared])


def correlation(a: Clusters, b: Clusters, shared: Shared) -> float:
    """The correlation of two cells' means, -1 to 1; 0 where nobody is in both."""
    return float(correlations(*_sides(a, b, shared))[0])


def difference(metric: Metric, a: Clusters, b: Clusters, shared: Shared) -> Difference:
    """The score of a less that of b, whose customers may overlap; responses may not.

    Nothing is said of fewer than `MIN_SHOWN` customers on either side.
    """
    if min(a.customers, b.customers) < MIN_SHOWN:
        return Difference()
    sides = _sides(a, b, shared)
    low, high = differences(metric, PartedColumns(*sides))
    first, second = variance(a), variance(b)
    whole = None
    if first is not None and second is not None:
        whole = max(0.0, first + second - 2.0 * float(covariances(*sides)[0]))
    gap = a.points.mean - b.points.mean
    return Difference(gap, float(low[0]), float(high[0]), whole, correlation(a, b, shared))


def impact(metric: Metric, parted: Parted) -> Impact:
    """The impact on `metric` of the responses in a cell, against those of the rest.

    n counts responses; fewer than `MIN_SHOWN` customers on either side have no figure.
    """
    return row(metric, impacts(metric, PartedColumns.of([parted])), 0)
