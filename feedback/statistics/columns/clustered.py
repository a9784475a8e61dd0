"""Sums over the customers of many cells; formulas and sources as in `statistics.clustered`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from feedback.statistics.clustered import ALIKE, Clusters, Shared
from feedback.statistics.columns.moments import Column, Mask, MomentColumns, Places, chosen, ratio
from feedback.statistics.columns.student import quantiles
from feedback.statistics.intervals import UPPER


@dataclass(frozen=True, slots=True, eq=False)
class ClusterColumns:
    """The `Clusters` of many cells, each column (k,)."""

    points: MomentColumns
    customers: Column
    sizes: Column
    totals: Column
    crossed: Column

    @classmethod
    def of(cls, parts: Iterable[Clusters]) -> ClusterColumns:
        """The columns of these clusters."""
        listed = list(parts)
        rows = [(float(one.customers), one.sizes, one.totals, one.crossed) for one in listed]
        numbers = np.array(rows, np.float64).reshape(-1, 4).T
        return cls(MomentColumns.of(one.points for one in listed), *numbers)

    @classmethod
    def alike(cls, part: Clusters, size: int) -> ClusterColumns:
        """So many cells of the same customers."""
        numbers = (part.customers, part.sizes, part.totals, part.crossed)
        columns = (np.full(size, float(one)) for one in numbers)
        return cls(MomentColumns.alike(part.points, size), *columns)

    @classmethod
    def none(cls, size: int) -> ClusterColumns:
        """Nobody anywhere."""
        return cls(MomentColumns.none(size), *np.zeros((4, size)))

    @classmethod
    def single(cls, points: MomentColumns) -> ClusterColumns:
        """One answer a customer."""
        return cls(points, points.n, points.n, points.squares, points.total)

    def row(self, place: int) -> Clusters:
        """The clusters of one cell."""
        numbers = (self.sizes, self.totals, self.crossed)
        own = self.points.row(place), int(self.customers[place])
        return Clusters(*own, *(float(one[place]) for one in numbers))

    def taken(self, places: Places | Mask) -> ClusterColumns:
        """These rows alone."""
        return ClusterColumns(
            self.points.taken(places),
            self.customers[places],
            self.sizes[places],
            self.totals[places],
            self.crossed[places],
        )

    def turned(self, length: float) -> ClusterColumns:
        """Of `length` - y."""
        crossed = length * self.sizes - self.crossed
        totals = length**2 * self.sizes - 2.0 * length * self.crossed + self.totals
        points = self.points.turned(length)
        return ClusterColumns(points, self.customers, self.sizes, totals, crossed)

    @property
    def effective(self) -> Column:
        """So many customers of equal weight; of none it is 0."""
        return ratio(self.points.n**2, self.sizes)

    @property
    def squared(self) -> Column:
        """The squared linearised residuals, in points²."""
        rate = self.points.mean
        found = self.totals - 2.0 * rate * self.crossed + rate * rate * self.sizes
        return np.maximum(0.0, found)

    @property
    def degrees(self) -> Column:
        """Degrees of freedom of t."""
        return np.maximum(1.0, self.effective - 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class SharedColumns:
    """What the customers of two cells have in common, for many pairs, each column (k,)."""

    customers: Column
    sizes: Column
    totals: Column
    first: Column
    second: Column

    @classmethod
    def of(cls, parts: Iterable[Shared]) -> SharedColumns:
        """The columns of these."""
        rows = [
            (float(one.customers), one.sizes, one.totals, one.first, one.second) for one in parts
        ]
        return cls(*np.array(rows, np.float64).reshape(-1, 5).T)

    @classmethod
    def none(cls, size: int) -> SharedColumns:
        """Nobody is in both."""
        return cls(*np.zeros((5, size)))

    def row(self, place: int) -> Shared:
        """What one pair has in common."""
        numbers = (self.sizes, self.totals, self.first, self.second)
        return Shared(int(self.customers[place]), *(float(one[place]) for one in numbers))

    def taken(self, places: Places | Mask) -> SharedColumns:
        """These rows alone."""
        return SharedColumns(
            self.customers[places],
            self.sizes[places],
            self.totals[places],
            self.first[places],
            self.second[places],
        )

    def turned(self, length: float) -> SharedColumns:
        """Of `length` - y in both cells."""
        totals = length**2 * self.sizes - length * (self.first + self.second) + self.totals
        first, second = length * self.sizes - self.first, length * self.sizes - self.second
        return SharedColumns(self.customers, self.sizes, totals, first, second)


def joined(a: ClusterColumns, b: ClusterColumns, shared: SharedColumns) -> ClusterColumns:
    """Two cells as one, row by row, a customer of both being one customer."""
    return ClusterColumns(
        a.points + b.points,
        a.customers + b.customers - shared.customers,
        a.sizes + b.sizes + 2.0 * shared.sizes,
        a.totals + b.totals + 2.0 * shared.totals,
        a.crossed + b.crossed + shared.first + shared.second,
    )


def variances(cell: ClusterColumns) -> Column:
    """The cluster-robust variances of the means, in points²; NaN: one customer, or none."""
    g = cell.effective
    known = (cell.customers >= 2.0) & (g > 1.0)
    found = ratio(cell.squared, cell.points.n**2) * ratio(g, g - 1.0)
    return np.where(known, found, np.nan)


def design_effects(cell: ClusterColumns) -> Column:
    """The variances over those of as many independent answers; 1 of no answers."""
    points, robust, deviations = cell.points, variances(cell), cell.points.deviations
    alike = np.isnan(robust) | (deviations <= ALIKE * points.squares)
    measured = ratio(robust * points.n * (points.n - 1.0), deviations)
    return np.where(alike, ratio(cell.sizes, points.n, 1.0), measured)


def stretches(cell: ClusterColumns) -> Column:
    """How many times as long each cell's margins are as those of independent answers."""
    wider = np.sqrt(np.maximum(1.0, design_effects(cell))) * quantiles(UPPER, cell.degrees)
    return wider / quantiles(UPPER, np.maximum(1.0, cell.points.n - 1.0))


def covariances(a: ClusterColumns, b: ClusterColumns, shared: SharedColumns) -> Column:
    """The covariances of two cells' means through the customers in both, in points²."""
    rate_a, rate_b = a.points.mean, b.points.mean
    product = shared.totals - rate_a * shared.first - rate_b * shared.second
    product = product + rate_a * rate_b * shared.sizes
    g_a, g_b = a.effective, b.effective
    known = (g_a > 1.0) & (g_b > 1.0)
    factor = np.where(known, ratio(g_a, g_a - 1.0) * ratio(g_b, g_b - 1.0), 0.0)
    return ratio(product * np.sqrt(factor), a.points.n * b.points.n)


def correlations(a: ClusterColumns, b: ClusterColumns, shared: SharedColumns) -> Column:
    """The correlations of two cells' means, -1 to 1; 0 where nobody is in both."""
    size = np.sqrt(np.nan_to_num(variances(a) * variances(b)))
    return np.clip(ratio(covariances(a, b, shared), size), -1.0, 1.0)


def either(where: Mask, one: ClusterColumns, other: ClusterColumns) -> ClusterColumns:
    """The rows of one where so, else of the other."""
    return ClusterColumns(
        chosen(where, one.points, other.points),
        np.where(where, one.customers, other.customers),
        np.where(where, one.sizes, other.sizes),
        np.where(where, one.totals, other.totals),
        np.where(where, one.crossed, other.crossed),
    )
