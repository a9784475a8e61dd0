"""Pain points: every cell with a negative mention, those that surely cost most first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from feedback.statistics.adjusted import Effect, effects
from feedback.statistics.clustered_difference import Parted
from feedback.statistics.fdr import q_values
from feedback.statistics.impact import Impact
from feedback.statistics.intervals import spread
from feedback.statistics.metrics import FALSE_DISCOVERY_RATE, MIN_SHOWN, POINTS, Metric
from feedback.statistics.respondents import Respondents, reach, severity
from feedback.statistics.scores import Estimate, share
from feedback.statistics.sums import Cell, CellSums, JourneySums, Moments
from feedback.statistics.trend import Trend, compare


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


def _metric_of(cell: CellSums, order: Sequence[Metric]) -> Metric | None:
    """The journey's leading metric where the cell has enough of it, else its most answered."""
    counts = {metric: cell.points.get(metric, Moments()).n for metric in order}
    if order and counts[order[0]] >= MIN_SHOWN:
        return order[0]
    return max(order, key=lambda metric: counts[metric], default=None)


Costs = tuple[Parted, Impact]
"""Whose answers a cell and the rest are, and the impact."""


def _costs(
    sums: JourneySums, cells: Sequence[Cell], respondents: Respondents
) -> list[Costs | None]:
    order = sums.metrics
    wholes = {metric: sums.points(metric) for metric in order}
    found: list[Costs | None] = []
    for cell in cells:
        metric = _metric_of(sums.cells[cell], order)
        if metric is None:
            found.append(None)
            continue
        points = sums.cells[cell].points.get(metric, Moments())
        parted = respondents.parted(metric, cell, points, wholes[metric])
        found.append((parted, respondents.impact(metric, parted)))
    return found


def _qs(costs: Sequence[Costs | None]) -> list[float]:
    """q over the cells that have a p; a cell too small to test is no discovery, so 1."""
    ps = [found[1].p if found else None for found in costs]
    adjusted = iter(q_values([p for p in ps if p is not None]))
    return [1.0 if p is None else next(adjusted) for p in ps]


def _voices(cell: Cell, sums: JourneySums, heard: int) -> int:
    """Who complains; never more than were `heard`, even where rows were dated apart."""
    return min(sums.cells.get(cell, CellSums()).voices, heard)


def _trends(cells: Iterable[Cell], now: JourneySums, previous: JourneySums) -> list[Trend]:
    heard, before = now.voices, previous.voices
    return [
        compare(_voices(cell, previous, before), before, _voices(cell, now, heard), heard)
        for cell in cells
    ]


def _place(
    point: PainPoint, spreads: Mapping[Metric, float]
) -> tuple[bool, float, float, int, Cell]:
    """Sort key: told ones by their pessimistic end, in the metric's own spread; then by q."""
    found = point.impact
    scale = spreads[found.metric] if found else 1.0
    value = (found.value or 0.0) / scale if found else 0.0
    if point.told and found and found.high is not None:
        return False, found.high / scale, value, -point.negative, point.cell
    return True, point.q, value, -point.negative, point.cell


def _told(found: Impact | None, q: float) -> bool:
    surely = found is not None and found.high is not None and found.high < 0.0
    return surely and q <= FALSE_DISCOVERY_RATE


@dataclass(frozen=True, slots=True)
class _Known:
    """What every cell is measured against: who was heard, and by metric the adjusted effects."""

    sums: JourneySums
    heard: int
    adjusted: Mapping[Metric, Mapping[Cell, Effect]]

    @classmethod
    def of(cls, sums: JourneySums) -> _Known:
        """Computed once for all cells."""
        return cls(sums, sums.voices, {metric: effects(sums, metric) for metric in sums.metrics})


def _point(cell: Cell, known: _Known, trend: Trend, costs: Costs | None, q: float) -> PainPoint:
    part = known.sums.cells[cell]
    said = share("reach", _voices(cell, known.sums, known.heard), known.heard)
    parted, found = costs or (Parted(), None)
    effect, bad = None, None
    if found and found.value is not None:
        said, bad = reach(said, parted), severity(found.metric, parted)
        effect = known.adjusted[found.metric].get(cell)
        effect = effect and effect.stretched(parted.stretches[0])
    return PainPoint(
        rank=0,
        cell=cell,
        mentions=part.mentions,
        negative=part.negative,
        reach=said,
        impact=found,
        adjusted=effect,
        q=q,
        told=_told(found, q),
        trend=trend,
        severity=bad,
    )


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
    current = now if later is None else later
    cells = sorted(cell for cell, part in now.cells.items() if part.negative)
    costs = _costs(now, cells, respondents)
    known = _Known.of(now)
    spreads = {m: math.sqrt(spread(now.points(m), *POINTS[m])) for m in now.metrics}
    trends = _trends(cells, current, previous)
    points = [
        _point(cell, known, trend, found, q)
        for cell, trend, found, q in zip(cells, trends, costs, _qs(costs), strict=True)
    ]
    points.sort(key=lambda point: _place(point, spreads))
    return [replace(point, rank=place) for place, point in enumerate(points, start=1)]
