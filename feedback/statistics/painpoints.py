"""Pain points: every cell with a negative mention, those that surely cost most first."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from feedback.statistics.adjusted import Effect
from feedback.statistics.columns.moments import Column
from feedback.statistics.impact import Impact
from feedback.statistics.metrics import SMALL_SCORE, Metric
from feedback.statistics.ranked import Ranked, ranked
from feedback.statistics.respondents import Respondents
from feedback.statistics.scores import Estimate, withheld
from feedback.statistics.sums import Cell, JourneySums
from feedback.statistics.trend import Trend, trends


@dataclass(frozen=True, slots=True)
class PainPoint:
    """A theme at a touchpoint that people complain about, and what it costs.

    `reach` is the share of the journey's responses that speak badly of it. `q` is the false
    discovery rate of calling it a pain point; `told` says whether the data tell it from noise.
    `severity` is the score of those who say it. Of a delight (`hurts` is false) praise counts
    where complaints do, and the impact is what it brings.
    """

    rank: int
    cell: Cell
    mentions: int
    negative: int
    reach: Estimate
    impact: Impact | None
    adjusted: Effect | None
    q: float
    told: bool
    trend: Trend
    severity: Estimate | None = None
    hurts: bool = True


def rank(
    now: JourneySums,
    previous: JourneySums,
    later: JourneySums | None = None,
    respondents: Respondents = Respondents(),  # noqa: B008 - frozen
) -> list[PainPoint]:
    """Rank the cells of `now`, their trend being from `previous` to `now`.

    Where a whole history is split in halves, `previous` is the earlier half and `later` the
    later one. `respondents` widen the intervals where customers answered more than once.
    """
    return points_of(ranked(now, previous, later, respondents))


def points_of(found: Ranked, hurts: bool = True) -> list[PainPoint]:
    """The ranked cells one by one, the first one first."""
    table, order = found.table, found.order.tolist()
    impacts, effects = list(_impacts(found)), list(_effects(found))
    reach, severity = list(_reach(found)), list(_severity(found))
    moved, cells = trends(found.trend), table.cells
    mentions, negative = table.mentions.astype(int).tolist(), table.negative.astype(int).tolist()
    q, told = found.q.tolist(), found.told.tolist()
    return [
        PainPoint(
            rank=place,
            cell=cells[row],
            mentions=mentions[row],
            negative=negative[row],
            reach=reach[row],
            impact=impacts[row],
            adjusted=effects[row],
            q=q[row],
            told=told[row],
            trend=moved[row],
            severity=severity[row],
            hurts=hurts,
        )
        for place, row in enumerate(order, start=1)
    ]


def _rows(*columns: Column) -> Iterator[tuple[float, ...]]:
    return zip(*(part.tolist() for part in columns), strict=True)


def _impacts(found: Ranked) -> Iterator[Impact | None]:
    metrics, one = [*found.metrics, None], found.impact
    rows = _rows(one.n, one.value, one.low, one.high, one.p)
    for place, (n, *figures) in zip(found.metric.tolist(), rows, strict=True):
        metric = metrics[place]
        if metric is None:
            yield None
        elif math.isnan(figures[0]):
            yield Impact(metric, int(n))
        else:
            yield Impact(metric, int(n), *figures)


def _effects(found: Ranked) -> Iterator[Effect | None]:
    one = found.adjusted
    for figures in _rows(one.value, one.low, one.high):
        yield None if math.isnan(figures[0]) else Effect(*figures)


def _reach(found: Ranked) -> Iterator[Estimate]:
    for value, low, high in _rows(*found.reach):
        if math.isnan(value):
            yield withheld("reach", found.heard)
        else:
            yield Estimate("reach", value, low, high, found.heard, found.heard < SMALL_SCORE)


def _severity(found: Ranked) -> Iterator[Estimate | None]:
    names: list[Metric] = list(found.metrics)
    rows = _rows(found.impact.n, *found.severity)
    for place, (n, value, low, high) in zip(found.metric.tolist(), rows, strict=True):
        if math.isnan(value):
            yield None
        else:
            yield Estimate(names[place].value, value, low, high, int(n), n < SMALL_SCORE)
