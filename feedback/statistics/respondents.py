"""What a report knows of the customers behind its cells, so that its intervals hold for them.

The sums over customers do not add up over days, so they are measured apart from the cells,
where there are many answers on an even draw of customers. What was drawn is carried over to
all answers: the shape of the customers is the draw's, the answers are everybody's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from feedback.statistics import clustered_difference, impact
from feedback.statistics.clustered import ALIKE, Clusters, Shared, widened
from feedback.statistics.clustered_difference import Parted, group
from feedback.statistics.impact import Impact
from feedback.statistics.metrics import MIN_SHOWN, SMALL_SCORE, Metric
from feedback.statistics.scores import Estimate, withheld
from feedback.statistics.sums import Cell, Moments

FEWEST_DRAWN = 10
"""Fewer drawn customers than this say nothing of a cell's own; the journey's stand in."""


@dataclass(frozen=True, slots=True)
class Respondents:
    """The measured customers of a journey, by metric, and by metric and cell.

    Empty: nobody answered twice, and every interval is the usual one.
    """

    wholes: Mapping[Metric, Clusters] = field(default_factory=dict)
    cells: Mapping[tuple[Metric, Cell], Parted] = field(default_factory=dict)

    def whole(self, metric: Metric, points: Moments) -> Clusters:
        """The customers of all responses, whose points these are."""
        return carried(self.wholes.get(metric, Clusters()), points)

    def parted(self, metric: Metric, cell: Cell, points: Moments, whole: Moments) -> Parted:
        """The customers of a cell with these points, and of the rest of the whole."""
        drawn = self.cells.get((metric, cell), Parted())
        rest = whole - points
        few = min(drawn.cell.customers, drawn.rest.customers) < FEWEST_DRAWN < points.n
        if few and drawn.cell.points.n < points.n:  # a draw that says too little of this cell
            everybody = self.wholes.get(metric, Clusters())
            return Parted(carried(everybody, points), carried(everybody, rest))
        return Parted(
            carried(drawn.cell, points),
            carried(drawn.rest, rest),
            _carried(drawn, points, rest),
        )

    def impact(self, metric: Metric, parted: Parted) -> Impact:
        """The impact of a cell, its interval made to hold for customers who answer twice."""
        if self.wholes.get(metric):
            return clustered_difference.impact(metric, parted)
        points, rest = parted.cell.points, parted.rest.points
        return impact.impact(metric, points, points + rest)


def severity(metric: Metric, parted: Parted) -> Estimate:
    """The score of those who say it."""
    points = parted.cell.points
    if points.n < MIN_SHOWN:
        return withheld(metric, points.n)
    low, high = group(metric, points, parted.stretches[0])
    return Estimate(metric.value, points.mean, low, high, points.n, points.n < SMALL_SCORE)


def reach(usual: Estimate, parted: Parted) -> Estimate:
    """The share that says it, its interval made to hold for these customers."""
    if usual.value is None or usual.low is None or usual.high is None:
        return usual
    low, high = widened(parted.saying, usual.value, (usual.low, usual.high), 0.0, 1.0)
    return replace(usual, low=low, high=high)


def carried(drawn: Clusters, points: Moments) -> Clusters:
    """The customers of all the answers whose points these are, shaped like the drawn ones.

    Σm² grows with n and Σ(S - R·m)² with the squared deviations, so that the design effect is
    the draw's. Drawn is everybody: unchanged. Nobody drawn: one answer a customer.
    """
    n = points.n
    if drawn.points == points or not n:
        return drawn
    if not drawn.points.n:
        return Clusters(points, n, float(n), points.squares, points.total)
    scale, rate = n / drawn.points.n, points.mean
    sizes = drawn.sizes * scale
    squared = drawn.squared * _ratio(points, drawn.points, scale)
    customers = min(n, max(1, round(drawn.customers * scale)))
    return Clusters(points, customers, sizes, squared + rate * rate * sizes, rate * sizes)


def _ratio(points: Moments, drawn: Moments, scale: float) -> float:
    """How the squared deviations of all compare with the draw's; by size where it has none."""
    if drawn.deviations <= ALIKE * drawn.squares:
        return scale
    return points.deviations / drawn.deviations


def _carried(drawn: Parted, points: Moments, rest: Moments) -> Shared:
    """What a cell and the rest have in common, with the draw's correlation of the two."""
    a, b, both = drawn.cell.points, drawn.rest.points, drawn.shared
    if (a, b) == (points, rest) or not both.customers or not a.n or not b.n:
        return both
    across = both.totals - a.mean * both.first - b.mean * both.second
    across += a.mean * b.mean * both.sizes
    scale = (points.n + rest.n) / (a.n + b.n)
    across *= math.sqrt(_ratio(points, a, points.n / a.n) * _ratio(rest, b, rest.n / b.n))
    sizes = both.sizes * scale
    return Shared(
        max(1, round(both.customers * scale)),
        sizes,
        across + points.mean * rest.mean * sizes,
        rest.mean * sizes,
        points.mean * sizes,
    )
