"""What a theme costs once the themes said with it, and its touchpoint, have had their share.

Ridge regression of the points on the theme indicators, with each touchpoint's own level, from
XᵀX and Xᵀy alone. A response belongs to one touchpoint, so the matrix falls into one block a
touchpoint, and only the noise is pooled over all of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from feedback.statistics import student
from feedback.statistics.gram import Gram, grams_of
from feedback.statistics.impact import product
from feedback.statistics.intervals import UPPER, spread, wilson
from feedback.statistics.metrics import POINTS, Metric
from feedback.statistics.sums import Cell, JourneySums

PENALTY = 1.0
"""Added to XᵀX's diagonal: one imaginary response a theme that the theme did not touch."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Points of the metric a theme costs by itself, with its 95% interval."""

    value: float
    low: float
    high: float

    def times(self, factor: float) -> Effect:
        """As many times the effect; `factor` is at least 0."""
        return Effect(factor * self.value, factor * self.low, factor * self.high)

    def stretched(self, factor: float) -> Effect:
        """The same value with both margins as many times as long."""
        low, high = self.value - self.low, self.high - self.value
        return Effect(self.value, self.value - factor * low, self.value + factor * high)


@dataclass(frozen=True, slots=True)
class _Block:
    """One touchpoint solved: coefficients, their covariance over the noise, and what is left."""

    counts: Sequence[float]
    coefficients: Sequence[float]
    covariance: Sequence[float]
    residual: float
    degrees: float


def _solve(gram: Gram) -> _Block:
    """Solve one touchpoint, every column centred on the touchpoint's own mean."""
    whole, centred, target = gram.points, gram.centred, gram.target
    if not len(target):
        return _Block((), (), (), whole.deviations, whole.n - 1.0)
    inverse = np.linalg.inv(centred + PENALTY * np.eye(len(target)))
    beta = inverse @ target
    residual = whole.deviations - 2.0 * beta @ target + beta @ centred @ beta
    return _Block(
        gram.counts.tolist(),
        beta.tolist(),
        np.diag(inverse).tolist(),
        max(0.0, float(residual)),
        whole.n - 1.0 - float(np.trace(inverse @ centred)),
    )


def effects(sums: JourneySums, metric: Metric) -> Mapping[Cell, Effect]:
    """The adjusted effect of every cell that has a scored response in this metric."""
    grams = grams_of(sums, metric)
    blocks = {key: _solve(gram) for key, gram in grams.items()}
    whole = sums.points(metric)
    degrees = max(0.0, sum(block.degrees for block in blocks.values())) + 1.0
    prior = spread(whole, *POINTS[metric])
    noise = (sum(block.residual for block in blocks.values()) + prior) / degrees
    reach = student.quantile(UPPER, max(1.0, degrees))
    found: dict[Cell, Effect] = {}
    for key, block in blocks.items():
        solved = zip(block.counts, block.coefficients, block.covariance, strict=True)
        for theme, (n, beta, scale) in zip(grams[key].themes, solved, strict=True):
            share, half = n / whole.n, reach * math.sqrt(noise * scale)
            low, high = product(share, wilson(n, whole.n), beta, (beta - half, beta + half))
            found[Cell(key, theme)] = Effect(share * beta, low, high)
    return found
