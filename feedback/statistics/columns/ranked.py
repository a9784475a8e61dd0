"""All that a ranking says of its cells, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from feedback.statistics.adjusted import EffectColumns
from feedback.statistics.columns.impact import ImpactColumns
from feedback.statistics.columns.moments import Column, Mask, Places
from feedback.statistics.columns.table import CellTable
from feedback.statistics.columns.trend import TrendColumns
from feedback.statistics.metrics import Metric

Estimated = tuple[Column, Column, Column]
"""Values with their limits, NaN where there is no figure."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """Every column (k,), a row a cell of `table`; `order` are the rows, the first one first.

    `metric` is the place in `metrics` that a cell's impact is in (-1: no score at all); `reach`
    is the share of the `heard` that speak of the cell, `severity` the score of those who do.
    """

    table: CellTable
    metrics: Sequence[Metric]
    heard: int
    metric: Places
    impact: ImpactColumns
    adjusted: EffectColumns
    reach: Estimated
    severity: Estimated
    trend: TrendColumns
    q: Column
    told: Mask
    order: Places

    def taken(self, rows: Places) -> Ranked:
        """These rows alone, in this order."""
        return replace(
            self,
            table=self.table.taken(rows),
            metric=self.metric[rows],
            impact=self.impact.taken(rows),
            adjusted=self.adjusted.taken(rows),
            reach=_taken(self.reach, rows),
            severity=_taken(self.severity, rows),
            trend=self.trend.taken(rows),
            q=self.q[rows],
            told=self.told[rows],
            order=np.arange(len(rows)),
        )


def _taken(found: Estimated, rows: Places) -> Estimated:
    value, low, high = found
    return value[rows], low[rows], high[rows]
