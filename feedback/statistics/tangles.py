"""Themes of a touchpoint that customers say together so often that nobody can part their costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from feedback.statistics.adjusted import Effect
from feedback.statistics.collinear import MOST_CORRELATION, MOST_INFLATION, dependence
from feedback.statistics.metrics import MIN_SHOWN, POINTS, Metric
from feedback.statistics.ridge import Gram, ridge
from feedback.statistics.sums import JourneySums, Moments


@dataclass(frozen=True, slots=True)
class Tangled:
    """Themes at a touchpoint, and the points of the journey's score they cost together."""

    touchpoint: str
    metric: Metric
    themes: tuple[str, ...]
    cost: Effect


def tangles(sums: JourneySums) -> list[Tangled]:
    """The themes of the journey's leading metric that the data can't tell apart."""
    found: list[Tangled] = []
    for metric in sums.metrics[:1]:
        n = sums.points(metric).n
        for touchpoint, gram in _grams(sums, metric):
            if not _depends(gram):
                continue
            share = gram.points.n / n
            for one in ridge([gram], *POINTS[metric]).tangles:
                cost = one.cost.times(share)
                found.append(Tangled(touchpoint, metric, one.themes, cost))
    return found


def _depends(gram: Gram) -> bool:
    """Whether any theme depends on another too much; far cheaper than solving them."""
    counts, n = gram.crossed[0, 1:], gram.crossed[0, 0]
    found = dependence(gram.crossed[1:, 1:] - np.outer(counts, counts) / n)
    close = np.abs(found.correlations)
    np.fill_diagonal(close, 0.0)
    inflated = any((part or 0.0) >= MOST_INFLATION for part in found.inflation)
    return inflated or bool((close >= MOST_CORRELATION).any())


def _grams(sums: JourneySums, metric: Metric) -> Iterator[tuple[str, Gram]]:
    """Each touchpoint's sums over the themes that enough of its responses speak of."""
    said: dict[str, dict[str, Moments]] = {}
    for cell, part in sorted(sums.cells.items()):
        points = part.points.get(metric, Moments())
        whole = sums.touchpoints[cell.touchpoint].points.get(metric, Moments())
        if min(points.n, whole.n - points.n) >= MIN_SHOWN:
            said.setdefault(cell.touchpoint, {})[cell.theme] = points
    together: dict[str, list[tuple[str, str, int]]] = {}
    for pair, count in sums.pairs.items():
        if pair.metric == metric:
            together.setdefault(pair.touchpoint, []).append((pair.first, pair.second, count))
    for touchpoint, cells in said.items():
        if len(cells) > 1:
            whole = sums.touchpoints[touchpoint].points[metric]
            yield touchpoint, _gram(cells, together.get(touchpoint, ()), whole)


def _gram(
    cells: Mapping[str, Moments], together: Sequence[tuple[str, str, int]], whole: Moments
) -> Gram:
    parts = [whole, *cells.values()]
    crossed = np.diag([float(part.n) for part in parts])
    crossed[0, :] = crossed[:, 0] = crossed.diagonal()
    places = {theme: place for place, theme in enumerate(cells, start=1)}
    for first, second, count in together:
        i, j = places.get(first), places.get(second)
        if i and j:
            crossed[i, j] = crossed[j, i] = float(count)
    return Gram(list(cells), crossed, np.array([part.total for part in parts]), whole.squares)
