"""What delights, by the mathematics of what hurts: every answer is turned round its scale.

An answer y on a scale from a to b becomes a + b - y. What raises the score of the turned
answers lowers that of the real ones, so the ranking of pain points, run on what customers
praise, ranks what delights; only the signs are turned back at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from feedback.statistics.adjusted import EffectColumns
from feedback.statistics.clustered import Clusters
from feedback.statistics.columns.clustered import ClusterColumns
from feedback.statistics.columns.impact import ImpactColumns
from feedback.statistics.columns.ranked import Estimated, Ranked
from feedback.statistics.columns.table import CellTable
from feedback.statistics.metrics import POINTS, Metric
from feedback.statistics.painpoints import PainPoints
from feedback.statistics.ranked import ranked
from feedback.statistics.respondents import Respondents
from feedback.statistics.sums import JourneySums, Moments


def delights(
    now: JourneySums,
    previous: JourneySums,
    later: JourneySums | None = None,
    respondents: Respondents = Respondents(),  # noqa: B008 - frozen
) -> PainPoints:
    """The cells that customers praise, those that surely bring most first.

    The sums count praise where those of a pain point count complaints (`Scope.praising`).
    """
    turned_ones = ranked(_sums(now), previous, later, _respondents(respondents))
    return PainPoints(_back(turned_ones), hurts=False)


def _length(metric: Metric) -> float:
    least, most = POINTS[metric]
    return least + most


LENGTHS = {metric: _length(metric) for metric in Metric}


def turned(points: Moments, length: float) -> Moments:
    """The moments of `length` - y."""
    total = points.n * length - points.total
    squares = points.n * length**2 - 2.0 * length * points.total + points.squares
    return Moments(points.n, total, squares)


def _points(points: Mapping[Metric, Moments]) -> dict[Metric, Moments]:
    return {metric: turned(part, LENGTHS[metric]) for metric, part in points.items()}


def _sums(sums: JourneySums) -> JourneySums:
    parts = sums.touchpoints.items()
    touchpoints = {key: replace(part, points=_points(part.points)) for key, part in parts}
    return JourneySums(touchpoints, CellTable.of(sums.cells).turned(LENGTHS), sums.pairs)


def _clusters(part: Clusters, length: float) -> Clusters:
    return ClusterColumns.of([part]).turned(length).row(0)


def _respondents(found: Respondents) -> Respondents:
    wholes = {metric: _clusters(part, LENGTHS[metric]) for metric, part in found.wholes.items()}
    cells = {metric: part.turned(LENGTHS[metric]) for metric, part in found.cells.items()}
    return Respondents(wholes, cells)


def _back(found: Ranked) -> Ranked:
    one, effect = found.impact, found.adjusted
    return replace(
        found,
        impact=ImpactColumns(one.n, 0.0 - one.value, 0.0 - one.high, 0.0 - one.low, one.p),
        adjusted=EffectColumns(0.0 - effect.value, 0.0 - effect.high, 0.0 - effect.low),
        severity=_severity(found),
    )


def _severity(found: Ranked) -> Estimated:
    value, low, high = found.severity
    lengths = np.array([*(LENGTHS[one] for one in found.metrics), 0.0])[found.metric]
    return lengths - value, lengths - high, lengths - low
