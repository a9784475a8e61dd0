"""One pain point: a theme at a touchpoint, and what it costs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat, starmap

from feedback.statistics.adjusted import Effect
from feedback.statistics.columns.moments import Column
from feedback.statistics.columns.ranked import Ranked
from feedback.statistics.impact import Impact
from feedback.statistics.metrics import SMALL_SCORE
from feedback.statistics.scores import Estimate, withheld
from feedback.statistics.sums import Cell
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


def made(found: Ranked, ranks: Sequence[int], hurts: bool) -> Iterator[PainPoint]:
    """The cells one by one, as they stand in the columns."""
    table = found.table
    parts = zip(
        ranks,
        table.cells,
        table.mentions.astype(int).tolist(),
        table.negative.astype(int).tolist(),
        _reach(found),
        _impacts(found),
        _effects(found),
        found.q.tolist(),
        found.told.tolist(),
        trends(found.trend),
        _severity(found),
        repeat(hurts, len(ranks)),
        strict=True,
    )
    return starmap(PainPoint, parts)


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
    names = [metric.value for metric in found.metrics]
    rows = _rows(found.impact.n, *found.severity)
    for place, (n, value, low, high) in zip(found.metric.tolist(), rows, strict=True):
        if math.isnan(value):
            yield None
        else:
            yield Estimate(names[place], value, low, high, int(n), n < SMALL_SCORE)
