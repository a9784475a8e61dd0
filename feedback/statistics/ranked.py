"""All that a ranking says of its cells, as columns, and in which order they stand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from feedback.statistics.adjusted import EffectColumns, effect_columns
from feedback.statistics.columns.impact import ImpactColumns, group_intervals, impacts
from feedback.statistics.columns.intervals import Limits, wideneds, wilsons
from feedback.statistics.columns.moments import Column, Mask, MomentColumns, Places
from feedback.statistics.columns.parted import PartedColumns
from feedback.statistics.columns.ranked import Estimated, Ranked
from feedback.statistics.columns.table import CellTable
from feedback.statistics.columns.trend import TrendColumns, compares
from feedback.statistics.intervals import spread
from feedback.statistics.metrics import FALSE_DISCOVERY_RATE, MIN_SHOWN, POINTS, Metric
from feedback.statistics.respondents import Respondents
from feedback.statistics.sums import JourneySums


@dataclass(frozen=True, slots=True, eq=False)
class _Cost:
    """What the cells of one metric cost; columns as in `Ranked`."""

    impact: ImpactColumns
    adjusted: EffectColumns
    saying: Column
    severity: Estimated


def ranked(
    now: JourneySums, previous: JourneySums, later: JourneySums | None, respondents: Respondents
) -> Ranked:
    """The cells of `now` that anybody speaks of, ranked; see `painpoints.rank`."""
    every = CellTable.of(now.cells)
    rows = np.flatnonzero(every.negative)
    table, metrics, heard = every.taken(rows), now.metrics, now.voices
    metric = _metrics_of(table, metrics)
    size = len(table)
    cost = _nothing(size)
    for place, one in enumerate(metrics):
        own = np.flatnonzero(metric == place)
        if len(own):
            everybody = replace(now, cells=every)
            _put(cost, own, _cost(everybody, one, rows[own], respondents))
    q = _qs(cost.impact.p)
    told = (cost.impact.high < 0.0) & (q <= FALSE_DISCOVERY_RATE)
    found = Ranked(
        table=table,
        metrics=metrics,
        heard=heard,
        metric=metric,
        impact=cost.impact,
        adjusted=cost.adjusted,
        reach=_reach(np.minimum(table.voices, heard), heard, cost.saying),
        severity=cost.severity,
        trend=_trend(table, now if later is None else later, previous),
        q=q,
        told=told,
        order=np.arange(size),
    )
    spreads = {one: math.sqrt(spread(now.points(one), *POINTS[one])) for one in metrics}
    return replace(found, order=_order(found, spreads))


def _metrics_of(table: CellTable, metrics: Sequence[Metric]) -> Places:
    """The journey's leading metric where a cell has enough of it, else its most answered."""
    if not metrics:
        return np.full(len(table), -1, np.intp)
    counts = np.array([table.points[one].n for one in metrics])
    return np.where(counts[0] >= MIN_SHOWN, 0, counts.argmax(axis=0))


def _nothing(size: int) -> _Cost:
    none = [np.full(size, np.nan) for _ in range(11)]
    counts = np.zeros(size)
    return _Cost(
        ImpactColumns(counts, *none[:4]),
        EffectColumns(*none[4:7]),
        none[7],
        (none[8], none[9], none[10]),
    )


def _put(cost: _Cost, rows: Places, found: _Cost) -> None:
    """Write what was found for these rows."""
    for whole, part in zip(_columns(cost), _columns(found), strict=True):
        whole[rows] = part


def _columns(cost: _Cost) -> Sequence[Column]:
    impact, adjusted = cost.impact, cost.adjusted
    own = (impact.n, impact.value, impact.low, impact.high, impact.p)
    return (*own, adjusted.value, adjusted.low, adjusted.high, cost.saying, *cost.severity)


def _cost(sums: JourneySums, metric: Metric, rows: Places, respondents: Respondents) -> _Cost:
    """What these rows of all cells cost in their metric."""
    table = CellTable.of(sums.cells)
    cells, points = [table.cells[row] for row in rows.tolist()], table.points[metric].taken(rows)
    parted = respondents.parted(metric, cells, points, sums.points(metric))
    impact = impacts(metric, parted)
    none = np.isnan(impact.value)
    effect = effect_columns(sums, metric).taken(rows)
    stretched = _stretched(effect, parted.stretches[0])
    adjusted = EffectColumns(*(np.where(none, np.nan, part) for part in stretched))
    severity = _severity(metric, parted, none)
    return _Cost(impact, adjusted, np.where(none, np.nan, parted.saying), severity)


def _stretched(effect: EffectColumns, factor: Column) -> Estimated:
    """Both margins as many times as long."""
    value = effect.value
    low, high = value - effect.low, effect.high - value
    return value, value - factor * low, value + factor * high


def _severity(metric: Metric, parted: PartedColumns, none: Mask) -> Estimated:
    """The scores of those who say it."""
    points = parted.cell.points
    some = MomentColumns(np.where(none, 1.0, points.n), points.total, points.squares)
    low, high = group_intervals(metric, some, parted.stretches[0])
    value, low, high = (np.where(none, np.nan, part) for part in (points.mean, low, high))
    return value, low, high


def _reach(count: Column, heard: int, saying: Column) -> Estimated:
    """The shares that say it; intervals hold for the customers where these are known."""
    if heard < MIN_SHOWN:
        none = np.full(len(count), np.nan)
        return none, none, none
    n = np.full(len(count), float(heard))
    usual = wilsons(count, n)
    wide: Limits = wideneds(np.nan_to_num(saying, nan=1.0), count / n, usual, 0.0, 1.0)
    return count / n, wide[0], wide[1]


def _trend(table: CellTable, now: JourneySums, previous: JourneySums) -> TrendColumns:
    """The reach before and now; never more than were heard, even where rows were dated apart."""
    heard, before = now.voices, previous.voices
    return compares(
        np.minimum(CellTable.of(previous.cells).voices_of(table.cells), before),
        before,
        np.minimum(CellTable.of(now.cells).voices_of(table.cells), heard),
        heard,
    )


def _qs(p: Column) -> Column:
    """q as `fdr.q_values` over the cells that have a p; one too small to test has 1."""
    found, known = np.ones(len(p)), np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(-p[known], kind="stable")]
    passed = p[order] * len(order) / np.arange(len(order), 0, -1)
    found[order] = np.minimum(np.minimum.accumulate(passed), 1.0)
    return found


def _order(found: Ranked, spreads: Mapping[Metric, float]) -> Places:
    """Told ones by their pessimistic end, in the metric's own spread; then by q."""
    scales = np.array([spreads[one] for one in found.metrics] + [1.0])[found.metric]
    value = np.nan_to_num(found.impact.value) / scales
    first = np.where(found.told, found.impact.high / scales, found.q)
    rows = np.arange(len(found.table))
    return np.lexsort((rows, -found.table.negative, value, first, ~found.told))
