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
from numpy.typing import NDArray

from feedback.statistics import student
from feedback.statistics.impact import product
from feedback.statistics.intervals import UPPER, spread, wilson
from feedback.statistics.metrics import POINTS, Metric
from feedback.statistics.sums import Cell, JourneySums, Moments, Pair

PENALTY = 1.0
"""Added to XᵀX's diagonal: one imaginary response a theme that the theme did not touch."""

Matrix = NDArray[np.float64]


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

    cells: Sequence[Cell] = ()
    coefficients: Sequence[float] = ()
    covariance: Sequence[float] = ()
    residual: float = 0.0
    degrees: float = 0.0


def _points(sums: JourneySums, metric: Metric, cell: Cell) -> Moments:
    return sums.cells[cell].points.get(metric, Moments())


def _crossed(sums: JourneySums, metric: Metric, cells: Sequence[Cell]) -> Matrix:
    """XᵀX of one touchpoint's theme indicators, not centred."""
    square = np.diag([float(_points(sums, metric, cell).n) for cell in cells])
    for i, first in enumerate(cells):
        for j, second in enumerate(cells[i + 1 :], start=i + 1):
            names = sorted((first.theme, second.theme))
            pair = Pair(first.touchpoint, metric, names[0], names[1])
            square[i, j] = square[j, i] = sums.pairs.get(pair, 0)
    return square


def _solve(sums: JourneySums, metric: Metric, cells: Sequence[Cell], whole: Moments) -> _Block:
    """Solve one touchpoint, every column centred on the touchpoint's own mean."""
    if not cells:
        return _Block(residual=whole.deviations, degrees=whole.n - 1.0)
    counts = np.array([float(_points(sums, metric, cell).n) for cell in cells])
    totals = np.array([_points(sums, metric, cell).total for cell in cells])
    centred = _crossed(sums, metric, cells) - np.outer(counts, counts) / whole.n
    target = totals - counts * whole.mean
    inverse = np.linalg.inv(centred + PENALTY * np.eye(len(cells)))
    beta = inverse @ target
    residual = whole.deviations - 2.0 * beta @ target + beta @ centred @ beta
    hat = inverse @ centred
    return _Block(
        cells,
        beta.tolist(),
        np.diag(inverse).tolist(),
        max(0.0, float(residual)),
        whole.n - 1.0 - float(np.trace(hat)),
    )


def _blocks(sums: JourneySums, metric: Metric) -> list[_Block]:
    groups: dict[str, list[Cell]] = {}
    for cell in sorted(sums.cells):
        if _points(sums, metric, cell).n:
            groups.setdefault(cell.touchpoint, []).append(cell)
    return [
        _solve(sums, metric, groups.get(key, ()), part.points[metric])
        for key, part in sums.touchpoints.items()
        if metric in part.points and part.points[metric].n
    ]


def effects(sums: JourneySums, metric: Metric) -> Mapping[Cell, Effect]:
    """The adjusted effect of every cell that has a scored response in this metric."""
    blocks = _blocks(sums, metric)
    whole = sums.points(metric)
    degrees = max(0.0, sum(block.degrees for block in blocks)) + 1.0
    prior = spread(whole, *POINTS[metric])
    noise = (sum(block.residual for block in blocks) + prior) / degrees
    reach = student.quantile(UPPER, max(1.0, degrees))
    found: dict[Cell, Effect] = {}
    for block in blocks:
        for cell, beta, scale in zip(
            block.cells, block.coefficients, block.covariance, strict=True
        ):
            n = _points(sums, metric, cell).n
            share = n / whole.n
            half = reach * math.sqrt(noise * scale)
            low, high = product(share, wilson(n, whole.n), beta, (beta - half, beta + half))
            found[cell] = Effect(share * beta, low, high)
    return found
