"""What a report knows of the customers behind its cells, so that its intervals hold for them.

The sums over customers do not add up over days, so they are measured apart from the cells,
where there are many answers on an even draw of customers. What was drawn is carried over to
all answers: the shape of the customers is the draw's, the answers are everybody's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from feedback.statistics.clustered import Clusters
from feedback.statistics.columns import carried as columns
from feedback.statistics.columns.clustered import ClusterColumns, SharedColumns, either
from feedback.statistics.columns.moments import Column, Mask, MomentColumns
from feedback.statistics.columns.parted import PartedColumns, PartedTable
from feedback.statistics.metrics import Metric
from feedback.statistics.sums import Cell, Moments

FEWEST_DRAWN = 10
"""Fewer drawn customers than this say nothing of a cell's own; the journey's stand in."""

_NOBODY = PartedTable.of({})


@dataclass(frozen=True, slots=True)
class Respondents:
    """The measured customers of a journey, by metric, and by metric and cell.

    Empty: nobody answered twice, and every interval is the usual one.
    """

    wholes: Mapping[Metric, Clusters] = field(default_factory=dict)
    cells: Mapping[Metric, PartedTable] = field(default_factory=dict)

    def whole(self, metric: Metric, points: Moments) -> Clusters:
        """The customers of all responses, whose points these are."""
        return carried(self.wholes.get(metric, Clusters()), points)

    def parted(
        self, metric: Metric, cells: Sequence[Cell], points: MomentColumns, whole: Moments
    ) -> PartedColumns:
        """The customers of cells with these points, and of the rest of the whole."""
        drawn = self.cells.get(metric, _NOBODY).rows(cells)
        rest = MomentColumns.alike(whole, len(cells)) - points
        fewest = np.minimum(drawn.cell.customers, drawn.rest.customers)
        few = (fewest < FEWEST_DRAWN) & (points.n > FEWEST_DRAWN)
        own = ~(few & (drawn.cell.points.n < points.n))
        if self.wholes.get(metric) is None or own.all():
            return _carried(drawn, points, rest)
        everybody = ClusterColumns.alike(self.wholes[metric], len(cells))
        # a draw that says too little of a cell: the journey's stand in
        return _carried(
            PartedColumns(
                either(own, drawn.cell, everybody),
                either(own, drawn.rest, everybody),
                _only(own, drawn.shared),
            ),
            points,
            rest,
        )


def _only(where: Mask, shared: SharedColumns) -> SharedColumns:
    """Nobody in both but where so."""
    parts = (shared.customers, shared.sizes, shared.totals, shared.first, shared.second)
    return SharedColumns(*(_or_zero(where, part) for part in parts))


def _or_zero(where: Mask, values: Column) -> Column:
    return np.where(where, values, 0.0)


def _carried(drawn: PartedColumns, points: MomentColumns, rest: MomentColumns) -> PartedColumns:
    return PartedColumns(
        columns.carried(drawn.cell, points),
        columns.carried(drawn.rest, rest),
        columns.shared(drawn, points, rest),
    )


def carried(drawn: Clusters, points: Moments) -> Clusters:
    """The customers of all the answers whose points these are, shaped like the drawn ones.

    Drawn is everybody: unchanged. Nobody drawn: one answer a customer.
    """
    if drawn.points == points or not points.n:
        return drawn
    return columns.carried(ClusterColumns.of([drawn]), MomentColumns.of([points])).row(0)
