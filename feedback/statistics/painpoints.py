"""Pain points: every cell with a negative mention, those that surely cost most first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat, starmap
from typing import overload

import numpy as np

from feedback.statistics.adjusted import Effect
from feedback.statistics.columns.moments import Column, Places
from feedback.statistics.columns.ranked import Ranked
from feedback.statistics.impact import Impact
from feedback.statistics.metrics import SMALL_SCORE, Metric
from feedback.statistics.ranked import ranked
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


class PainPoints(Sequence[PainPoint]):
    """The ranked cells, the first one first and those told from noise before the others.

    Each is made of the columns as it is looked at: of a thousand a page shows a dozen.
    """

    def __init__(
        self, found: Ranked, hurts: bool = True, ranks: Sequence[int] | Places | None = None
    ) -> None:
        """Those of these `ranks`, counted from 1; None: all."""
        self._found, self._hurts = found, hurts
        self._ranks = (
            np.arange(1, len(found.order) + 1) if ranks is None else np.asarray(ranks, np.intp)
        )
        self._rows = found.order[self._ranks - 1]

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> PainPoint: ...

    @overload
    def __getitem__(self, place: slice) -> PainPoints: ...

    def __getitem__(self, place: int | slice) -> PainPoint | PainPoints:
        if isinstance(place, slice):
            return PainPoints(self._found, self._hurts, self._ranks[place])
        (point,) = PainPoints(self._found, self._hurts, [int(self._ranks[place])])
        return point

    def __iter__(self) -> Iterator[PainPoint]:
        return _made(self._found.taken(self._rows), self._ranks.tolist(), self._hurts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def ranked(self, ranks: Sequence[int]) -> PainPoints:
        """Those of these ranks, in this order."""
        return PainPoints(self._found, self._hurts, ranks)

    @property
    def told(self) -> PainPoints:
        """Those that the data tell from noise."""
        return self[: int(self._found.told[self._rows].sum())]

    @property
    def untold(self) -> PainPoints:
        """The others."""
        return self[len(self.told) :]

    def intervals(self, metric: Metric) -> Sequence[tuple[float, float]]:
        """The intervals of all impacts in a metric, in order."""
        rows = self._of(metric)
        low, high = self._found.impact.low[rows], self._found.impact.high[rows]
        return list(zip(low.tolist(), high.tolist(), strict=True))

    @property
    def leading(self) -> Metric | None:
        """The metric that most impacts are measured in."""
        counts = {metric: len(self._of(metric)) for metric in sorted(self._found.metrics)}
        most = max(counts.values(), default=0)
        return next((metric for metric in counts if counts[metric] == most > 0), None)

    def _of(self, metric: Metric) -> Places:
        """The rows that have an impact in a metric."""
        if metric not in self._found.metrics:
            return self._rows[:0]
        mine = self._found.metric[self._rows] == list(self._found.metrics).index(metric)
        some: Places = self._rows[mine & ~np.isnan(self._found.impact.value[self._rows])]
        return some


def rank(
    now: JourneySums,
    previous: JourneySums,
    later: JourneySums | None = None,
    respondents: Respondents = Respondents(),  # noqa: B008 - frozen
) -> PainPoints:
    """Rank the cells of `now`, their trend being from `previous` to `now`.

    Where a whole history is split in halves, `previous` is the earlier half and `later` the
    later one. `respondents` widen the intervals where customers answered more than once.
    """
    return PainPoints(ranked(now, previous, later, respondents))


def _made(found: Ranked, ranks: Sequence[int], hurts: bool) -> Iterator[PainPoint]:
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
