"""The sums that regression needs: XᵀX, Xᵀy and yᵀy of theme indicators and points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.statistics.columns.moments import MomentColumns, column
from feedback.statistics.columns.table import CellTable, PairTable
from feedback.statistics.metrics import Metric
from feedback.statistics.sums import JourneySums, Moments

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
    table, pairs = CellTable.of(sums.cells), PairTable.of(sums.pairs)
    points = table.points[metric]
    wholes = {key: part.points.get(metric, Moments()) for key, part in sums.touchpoints.items()}
    heard = column(wholes[key].n for key in table.touchpoints)[table.at]
    said = (points.n > 0.0) & (np.minimum(points.n, heard - points.n) >= least)
    if themes is not None:
        said &= np.isin(np.array(table.themes), np.array(themes))[table.theme]
    found = {}
    for key, whole in sorted(wholes.items()):
        if not whole.n:
            continue
        rows = np.flatnonzero(said & (table.at == _place(table.touchpoints, key)))
        own = [table.themes[one] for one in table.theme[rows].tolist()]
        listed = own if themes is None else list(themes)
        found[key] = _gram(listed, own, whole, points.taken(rows), _of(pairs, metric, key))
    return found


Together = tuple[Sequence[str], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""The names of themes, and rows of two of them and how many speak of both."""


def _place(names: Sequence[str], name: str) -> int:
    """The place of a name, -1 where it isn't known."""
    return names.index(name) if name in names else -1


def _of(pairs: PairTable, metric: Metric, touchpoint: str) -> Together:
    """The pairs at one touchpoint."""
    at, first, second, count = pairs.rows[metric]
    here = at == _place(pairs.touchpoints, touchpoint)
    return pairs.themes, first[here], second[here], count[here]


def _gram(
    themes: Sequence[str],
    said: Sequence[str],
    whole: Moments,
    points: MomentColumns,
    together: Together,
) -> Gram:
    """The sums over `themes`, of which the `said` ones have these points."""
    places = {theme: place for place, theme in enumerate(themes, start=1)}
    rows = [places[theme] for theme in said]
    counts, products = np.zeros(len(themes) + 1), np.zeros(len(themes) + 1)
    counts[0], products[0] = whole.n, whole.total
    counts[rows], products[rows] = points.n, points.total
    crossed = np.diag(counts)
    crossed[0, :] = crossed[:, 0] = counts
    names, first, second, count = together
    of_name = np.array([places.get(name, 0) for name in names], np.intp)
    i, j = of_name[first], of_name[second]
    kept = (i > 0) & (j > 0)
    crossed[i[kept], j[kept]] = crossed[j[kept], i[kept]] = count[kept]
    return Gram(themes, crossed, products, whole.squares)
