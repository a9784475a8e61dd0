"""Count, sum and sum of squares of many cells' points, as columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.statistics.sums import Moments

Column = NDArray[np.float64]
"""One number a cell: (k,); NaN where there is none."""

Places = NDArray[np.intp]
Mask = NDArray[np.bool_]


def column(values: Iterable[float]) -> Column:
    """Numbers as a column."""
    return np.array(list(values), np.float64)


def ratio(part: Column, of: Column, otherwise: float = 0.0) -> Column:
    """One column over another, and `otherwise` where that is 0."""
    found: Column = np.full(len(of), otherwise)
    np.divide(part, of, out=found, where=of != 0.0)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class MomentColumns:
    """The `Moments` of many cells, each column (k,)."""

    n: Column
    total: Column
    squares: Column

    @classmethod
    def of(cls, parts: Iterable[Moments]) -> MomentColumns:
        """The columns of these moments."""
        rows = [(float(part.n), part.total, part.squares) for part in parts]
        return cls(*np.array(rows, np.float64).reshape(-1, 3).T)

    @classmethod
    def alike(cls, part: Moments, size: int) -> MomentColumns:
        """So many cells of the same moments."""
        return cls(*(np.full(size, float(one)) for one in (part.n, part.total, part.squares)))

    @classmethod
    def none(cls, size: int) -> MomentColumns:
        """Of nothing at all."""
        return cls(*np.zeros((3, size)))

    def __len__(self) -> int:
        return len(self.n)

    def __add__(self, other: MomentColumns) -> MomentColumns:
        return MomentColumns(
            self.n + other.n, self.total + other.total, self.squares + other.squares
        )

    def __sub__(self, other: MomentColumns) -> MomentColumns:
        return MomentColumns(
            self.n - other.n, self.total - other.total, self.squares - other.squares
        )

    @property
    def mean(self) -> Column:
        """The means; of none it is 0."""
        return ratio(self.total, self.n)

    @property
    def deviations(self) -> Column:
        """The sums of squared deviations from the mean, never below 0."""
        return np.maximum(0.0, self.squares - self.n * self.mean**2)

    def row(self, place: int) -> Moments:
        """The moments of one cell."""
        return Moments(int(self.n[place]), float(self.total[place]), float(self.squares[place]))

    def taken(self, places: Places | Mask) -> MomentColumns:
        """These rows alone."""
        return MomentColumns(self.n[places], self.total[places], self.squares[places])

    def turned(self, length: float) -> MomentColumns:
        """The moments of `length` - y."""
        total = self.n * length - self.total
        squares = self.n * length**2 - 2.0 * length * self.total + self.squares
        return MomentColumns(self.n, total, squares)

    def same(self, other: MomentColumns) -> Mask:
        """Where both hold the same."""
        found = (self.n == other.n) & (self.total == other.total)
        return np.asarray(found & (self.squares == other.squares))


def chosen(where: Mask, one: MomentColumns, other: MomentColumns) -> MomentColumns:
    """The rows of one where so, else of the other."""
    return MomentColumns(
        np.where(where, one.n, other.n),
        np.where(where, one.total, other.total),
        np.where(where, one.squares, other.squares),
    )
