"""The sums that regression needs: XᵀX, Xᵀy and yᵀy of theme indicators and points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.statistics.metrics import Metric
from feedback.statistics.sums import Cell, CellSums, JourneySums, Moments

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gram:
    """The sums of responses that share one level: a touchpoint's, or a journey's.

    With k themes, `crossed` is XᵀX, (k + 1, k + 1) counts with the intercept first: n, the
    mentions of each theme, and the mentions together. `products` is Xᵀy, (k + 1,): the points of
    everybody and of each theme. `square` is yᵀy.
    """

    themes: Sequence[str]
    crossed: Matrix
    products: Vector
    square: float

    def __add__(self, other: Gram) -> Gram:
        """The sums of both, whose themes must be the same in the same order."""
        agree((self, other))
        crossed, products = self.crossed + other.crossed, self.products + other.products
        return Gram(self.themes, crossed, products, self.square + other.square)

    @property
    def points(self) -> Moments:
        """The points of all responses."""
        return Moments(round(self.crossed[0, 0]), float(self.products[0]), self.square)

    @property
    def counts(self) -> Vector:
        """How many responses speak of each theme: (k,)."""
        return np.asarray(self.crossed[0, 1:])

    @property
    def centred(self) -> Matrix:
        """XᵀX of the indicators about their means: (k, k)."""
        inner = self.crossed[1:, 1:]
        return np.asarray(inner - np.outer(self.counts, self.counts) / self.points.n)

    @property
    def target(self) -> Vector:
        """Xᵀy of the indicators about the mean of the points: (k,)."""
        return np.asarray(self.products[1:] - self.counts * self.points.mean)


def agree(grams: Sequence[Gram]) -> None:
    """Refuse sums of different themes: they do not add up."""
    if any(list(gram.themes) != list(grams[0].themes) for gram in grams):
        raise ValueError("sums of different themes do not add up")


def grams_of(
    sums: JourneySums, metric: Metric, themes: Sequence[str] | None = None, least: int = 0
) -> dict[str, Gram]:
    """The sums of each touchpoint with scored responses, over these themes.

    Left out, the themes are those that its scored responses speak of, in order; with `least`,
    those that so many speak of and so many do not.
    """
    together: dict[str, list[tuple[str, str, int]]] = {}
    for pair, count in sums.pairs.items():
        if pair.metric == metric:
            together.setdefault(pair.touchpoint, []).append((pair.first, pair.second, count))
    said: dict[str, list[str]] = {}
    for cell in sorted(sums.cells) if themes is None else ():
        n = _points(sums, metric, cell).n
        if n and min(n, _whole(sums, metric, cell.touchpoint).n - n) >= least:
            said.setdefault(cell.touchpoint, []).append(cell.theme)
    scored = [key for key in sums.touchpoints if _whole(sums, metric, key).n]
    over = {key: said.get(key, ()) if themes is None else themes for key in scored}
    return {key: _gram(sums, metric, key, over[key], together.get(key, ())) for key in scored}


def _gram(
    sums: JourneySums,
    metric: Metric,
    touchpoint: str,
    themes: Sequence[str],
    together: Sequence[tuple[str, str, int]],
) -> Gram:
    whole = _whole(sums, metric, touchpoint)
    parts = [whole, *(_points(sums, metric, Cell(touchpoint, theme)) for theme in themes)]
    crossed = np.diag([float(part.n) for part in parts])
    crossed[0, :] = crossed[:, 0] = crossed.diagonal()
    places: Mapping[str, int] = {theme: place for place, theme in enumerate(themes, start=1)}
    for first, second, count in together:
        i, j = places.get(first), places.get(second)
        if i and j:
            crossed[i, j] = crossed[j, i] = float(count)
    return Gram(themes, crossed, np.array([part.total for part in parts]), whole.squares)


def _points(sums: JourneySums, metric: Metric, cell: Cell) -> Moments:
    return sums.cells.get(cell, CellSums()).points.get(metric, Moments())


def _whole(sums: JourneySums, metric: Metric, touchpoint: str) -> Moments:
    return sums.touchpoints[touchpoint].points.get(metric, Moments())
