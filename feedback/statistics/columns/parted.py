"""The customers of many cells, of the rest of each, and what both have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from feedback.statistics.clustered import Parted
from feedback.statistics.columns.clustered import (
    ClusterColumns,
    SharedColumns,
    joined,
    stretches,
)
from feedback.statistics.columns.moments import Column, MomentColumns, Places
from feedback.statistics.sums import Cell


@dataclass(frozen=True, eq=False)
class PartedColumns:
    """The `Parted` of many cells; how far their intervals are stretched is computed once."""

    cell: ClusterColumns
    rest: ClusterColumns
    shared: SharedColumns

    @classmethod
    def of(cls, parts: Iterable[Parted]) -> PartedColumns:
        """The columns of these."""
        listed = list(parts)
        return cls(
            ClusterColumns.of(one.cell for one in listed),
            ClusterColumns.of(one.rest for one in listed),
            SharedColumns.of(one.shared for one in listed),
        )

    @classmethod
    def none(cls, size: int) -> PartedColumns:
        """Nobody anywhere."""
        nobody = ClusterColumns.none(size)
        return cls(nobody, nobody, SharedColumns.none(size))

    def row(self, place: int) -> Parted:
        """One cell's."""
        return Parted(self.cell.row(place), self.rest.row(place), self.shared.row(place))

    def taken(self, places: Places) -> PartedColumns:
        """These rows alone."""
        return PartedColumns(
            self.cell.taken(places), self.rest.taken(places), self.shared.taken(places)
        )

    def turned(self, length: float) -> PartedColumns:
        """Of `length` - y."""
        return PartedColumns(
            self.cell.turned(length), self.rest.turned(length), self.shared.turned(length)
        )

    @cached_property
    def whole(self) -> ClusterColumns:
        """The customers of all responses."""
        return joined(self.cell, self.rest, self.shared)

    @cached_property
    def stretches(self) -> tuple[Column, Column]:
        """Of the scores of the cells, and of the rest."""
        return stretches(self.cell), stretches(self.rest)

    @cached_property
    def saying(self) -> Column:
        """Of the shares of responses in the cells."""
        return stretches(saying(self.cell, self.whole, self.shared))


def saying(cell: ClusterColumns, whole: ClusterColumns, shared: SharedColumns) -> ClusterColumns:
    """The customers of "this response is in the cell": 1 if it is, 0 if not.

    S_c is then the customer's responses in the cell, so no further sums are needed.
    """
    n = cell.points.n
    points, crossed = MomentColumns(whole.points.n, n, n), cell.sizes + shared.sizes
    return ClusterColumns(points, whole.customers, whole.sizes, cell.sizes, crossed)


class PartedTable(Mapping[Cell, Parted]):
    """The customers of each cell that anybody speaks of."""

    def __init__(self, cells: Sequence[Cell], parted: PartedColumns) -> None:
        self.parted = parted
        self._places = {cell: place for place, cell in enumerate(cells)}

    @classmethod
    def of(cls, parts: Mapping[Cell, Parted]) -> PartedTable:
        """The table of these."""
        return cls(list(parts), PartedColumns.of(parts.values()))

    def __getitem__(self, cell: Cell) -> Parted:
        return self.parted.row(self._places[cell])

    def __iter__(self) -> Iterator[Cell]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def turned(self, length: float) -> PartedTable:
        """Of `length` - y."""
        return PartedTable(list(self._places), self.parted.turned(length))

    def rows(self, cells: Sequence[Cell]) -> PartedColumns:
        """The rows of these cells; nobody where a cell isn't known."""
        places = np.array([self._places.get(cell, -1) for cell in cells], np.intp)
        if not len(self):
            return PartedColumns.none(len(cells))
        unknown, found = places < 0, self.parted.taken(places)
        for part in _columns(found):
            part[unknown] = 0.0
        return found


def _columns(parted: PartedColumns) -> Iterator[Column]:
    """Every column of a table's rows (fresh ones, which indexing has copied)."""
    for part in (parted.cell, parted.rest):
        yield from (part.points.n, part.points.total, part.points.squares)
        yield from (part.customers, part.sizes, part.totals, part.crossed)
    shared = parted.shared
    yield from (shared.customers, shared.sizes, shared.totals, shared.first, shared.second)
