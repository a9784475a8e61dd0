"""What a theme costs once the themes said with it, and its touchpoint, have had their share.

Ridge regression of the points on the theme indicators, with each touchpoint's own level, from
XᵀX and Xᵀy alone. A response belongs to one touchpoint, so the matrix falls into one block a
touchpoint, and only the noise is pooled over all of them. Blocks are solved some at a time, all
over the same themes: one that nobody speaks of at a touchpoint is a column of zeros there, which
the penalty leaves without an effect and takes no degree of freedom for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from feedback.statistics import student
from feedback.statistics.columns.impact import products
from feedback.statistics.columns.intervals import wilsons
from feedback.statistics.columns.moments import Column, MomentColumns, Places
from feedback.statistics.columns.table import CellTable, PairTable
from feedback.statistics.intervals import UPPER, spread
from feedback.statistics.metrics import POINTS, Metric
from feedback.statistics.sums import Cell, JourneySums, Moments

PENALTY = 1.0
"""Added to XᵀX's diagonal: one imaginary response a theme that the theme did not touch."""

AT_ONCE = 64
"""Touchpoints whose blocks are solved together."""


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


@dataclass(frozen=True, slots=True, eq=False)
class EffectColumns:
    """The `Effect` of many cells, each column (k,), NaN where a cell has no scored response."""

    value: Column
    low: Column
    high: Column

    def taken(self, places: Places) -> EffectColumns:
        """These rows alone."""
        return EffectColumns(self.value[places], self.low[places], self.high[places])


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """b touchpoints solved over t themes.

    `beta` are the coefficients and `scale` their variances over the noise's, (b, t); `residual`
    is what is left of the squared deviations and `degrees` their degrees of freedom, in all.
    """

    beta: Column
    scale: Column
    residual: float
    degrees: float


def effects(sums: JourneySums, metric: Metric) -> Mapping[Cell, Effect]:
    """The adjusted effect of every cell that has a scored response in this metric."""
    table, found = CellTable.of(sums.cells), effect_columns(sums, metric)
    columns = (part.tolist() for part in (found.value, found.low, found.high))
    rows = zip(table.cells, *columns, strict=True)
    return {cell: Effect(*figures) for cell, *figures in rows if not math.isnan(figures[0])}


def effect_columns(sums: JourneySums, metric: Metric) -> EffectColumns:
    """The adjusted effects of the rows of `CellTable.of(sums.cells)`."""
    table, size = CellTable.of(sums.cells), len(sums.cells)
    beta, scale = np.zeros(size), np.zeros(size)
    heard = {key: part.points.get(metric, Moments()) for key, part in sums.touchpoints.items()}
    silent = [part for key, part in heard.items() if part.n and key not in table.touchpoints]
    residual = sum(part.deviations for part in silent)
    degrees = sum(part.n - 1.0 for part in silent)
    for first in range(0, len(table.touchpoints), AT_ONCE):
        names = table.touchpoints[first : first + AT_ONCE]
        wholes = MomentColumns.of(heard.get(key, Moments()) for key in names)
        solved = _solve(wholes, *_block(sums, metric, first, len(names)))
        here = np.flatnonzero((table.at >= first) & (table.at < first + AT_ONCE))
        places = table.at[here] - first, table.theme[here]
        beta[here], scale[here] = solved.beta[places], solved.scale[places]
        residual, degrees = residual + solved.residual, degrees + solved.degrees
    degrees = max(0.0, degrees) + 1.0
    noise = (residual + spread(sums.points(metric), *POINTS[metric])) / degrees
    half = student.quantile(UPPER, max(1.0, degrees)) * np.sqrt(noise * scale)
    n = table.points[metric].n
    whole = np.full(size, float(max(1, sums.points(metric).n)))
    low, high = products(n / whole, wilsons(n, whole), beta, (beta - half, beta + half))
    known = n > 0.0
    found = (np.where(known, part, np.nan) for part in (n / whole * beta, low, high))
    return EffectColumns(*found)


def _block(
    sums: JourneySums, metric: Metric, first: int, size: int
) -> tuple[Column, Column, Column]:
    """Of `size` touchpoints from the first on: XᵀX (b, t, t), its diagonal and Xᵀy (b, t)."""
    table, pairs = CellTable.of(sums.cells), PairTable.of(sums.pairs)
    width, points = len(table.themes), table.points[metric]
    counts, totals = np.zeros((size, width)), np.zeros((size, width))
    here = np.flatnonzero((table.at >= first) & (table.at < first + size))
    at, theme = table.at[here] - first, table.theme[here]
    counts[at, theme], totals[at, theme] = points.n[here], points.total[here]
    crossed = np.zeros((size, width, width))
    crossed[:, np.arange(width), np.arange(width)] = counts
    places, one, other, count = pairs.rows[metric]
    places = _renamed(pairs.touchpoints, table.touchpoints)[places] - first
    names = _renamed(pairs.themes, table.themes)
    one, other = names[one], names[other]
    kept = (places >= 0) & (places < size) & (one >= 0) & (other >= 0)
    places, one, other, count = places[kept], one[kept], other[kept], count[kept]
    crossed[places, one, other] = crossed[places, other, one] = count
    return crossed, counts, totals


def _renamed(names: Sequence[str], others: Sequence[str]) -> Places:
    """The place of each name among others, -1 where it isn't."""
    known = {name: place for place, name in enumerate(others)}
    return np.array([known.get(name, -1) for name in names], np.intp)


def _solve(wholes: MomentColumns, crossed: Column, counts: Column, totals: Column) -> _Solved:
    """Solve touchpoints side by side, every column centred on its touchpoint's own mean."""
    heard = np.maximum(1.0, wholes.n)
    centred = crossed - counts[:, :, None] * counts[:, None, :] / heard[:, None, None]
    target = totals - counts * wholes.mean[:, None]
    inverse = np.linalg.inv(centred + PENALTY * np.eye(counts.shape[1]))
    beta = np.einsum("bij,bj->bi", inverse, target)
    left = np.einsum("bi,bij,bj->b", beta, centred, beta, optimize=True)
    left += wholes.deviations - 2.0 * np.einsum("bi,bi->b", beta, target)
    used = np.einsum("bij,bij->b", inverse, centred)
    degrees = np.where(wholes.n > 0.0, wholes.n - 1.0 - used, 0.0)
    scale = np.einsum("bii->bi", inverse)
    return _Solved(beta, scale, float(np.maximum(0.0, left).sum()), float(degrees.sum()))
