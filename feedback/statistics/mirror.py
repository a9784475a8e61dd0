"""What delights, by the mathematics of what hurts: every answer is turned round its scale.

An answer y on a scale from a to b becomes a + b - y. What raises the score of the turned
answers lowers that of the real ones, so the ranking of pain points, run on what customers
praise, ranks what delights; only the signs are turned back at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from feedback.statistics.adjusted import Effect
from feedback.statistics.clustered import Clusters, Shared
from feedback.statistics.clustered_difference import Parted
from feedback.statistics.impact import Impact
from feedback.statistics.metrics import POINTS, Metric
from feedback.statistics.painpoints import PainPoint, rank
from feedback.statistics.respondents import Respondents
from feedback.statistics.scores import Estimate
from feedback.statistics.sums import JourneySums, Moments


def delights(
    now: JourneySums,
    previous: JourneySums,
    later: JourneySums | None = None,
    respondents: Respondents = Respondents(),  # noqa: B008 - frozen
) -> list[PainPoint]:
    """The cells that customers praise, those that surely bring most first.

    The sums count praise where those of a pain point count complaints (`Scope.praising`).
    """
    turned = rank(_sums(now), previous, later, _respondents(respondents))
    return [_back(point) for point in turned]


def _length(metric: Metric) -> float:
    least, most = POINTS[metric]
    return least + most


def turned(points: Moments, length: float) -> Moments:
    """The moments of `length` - y."""
    total = points.n * length - points.total
    squares = points.n * length**2 - 2.0 * length * points.total + points.squares
    return Moments(points.n, total, squares)


def _points(points: Mapping[Metric, Moments]) -> dict[Metric, Moments]:
    return {metric: turned(part, _length(metric)) for metric, part in points.items()}


def _sums(sums: JourneySums) -> JourneySums:
    return JourneySums(
        {key: replace(part, points=_points(part.points)) for key, part in sums.touchpoints.items()},
        {cell: replace(part, points=_points(part.points)) for cell, part in sums.cells.items()},
        sums.pairs,
    )


def _clusters(part: Clusters, length: float) -> Clusters:
    crossed = length * part.sizes - part.crossed
    totals = length**2 * part.sizes - 2.0 * length * part.crossed + part.totals
    return replace(part, points=turned(part.points, length), totals=totals, crossed=crossed)


def _shared(part: Shared, length: float) -> Shared:
    totals = length**2 * part.sizes - length * (part.first + part.second) + part.totals
    first, second = length * part.sizes - part.first, length * part.sizes - part.second
    return Shared(part.customers, part.sizes, totals, first, second)


def _respondents(found: Respondents) -> Respondents:
    wholes = {metric: _clusters(part, _length(metric)) for metric, part in found.wholes.items()}
    cells = {}
    for (metric, cell), part in found.cells.items():
        length = _length(metric)
        both = _clusters(part.cell, length), _clusters(part.rest, length)
        cells[metric, cell] = Parted(*both, _shared(part.shared, length))
    return Respondents(wholes, cells)


def _negative(value: float | None) -> float | None:
    return None if value is None else 0.0 - value


def _back(point: PainPoint) -> PainPoint:
    return replace(
        point,
        hurts=False,
        impact=point.impact and _impact(point.impact),
        adjusted=point.adjusted and _effect(point.adjusted),
        severity=point.severity and _estimate(point.severity),
    )


def _impact(found: Impact) -> Impact:
    low, high = _negative(found.high), _negative(found.low)
    return replace(found, value=_negative(found.value), low=low, high=high)


def _effect(found: Effect) -> Effect:
    return Effect(0.0 - found.value, 0.0 - found.high, 0.0 - found.low)


def _estimate(found: Estimate) -> Estimate:
    if found.value is None or found.low is None or found.high is None:
        return found
    length = _length(Metric(found.metric))
    low, high = length - found.high, length - found.low
    return replace(found, value=length - found.value, low=low, high=high)
