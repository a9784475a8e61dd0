"""How many answers have each value, on the scale they were asked on."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.reporting.scope import Scope
from feedback.reporting.sources import score_filter
from feedback.statistics.metrics import Metric
from models.response import Score

MOST = 200_000
"""Of more responses than this only the classes are counted, which the sums hold."""


def value_counts(
    session: Session, scope: Scope, responses: int
) -> dict[Metric, Mapping[float, int]]:
    """The counts by value, where all answers of a metric stand on one scale."""
    if responses > MOST:
        return {}
    keys = (Score.metric, Score.scale_low, Score.scale_high, Score.value)
    query = (
        select(*keys, func.count().label("n")).where(score_filter(session, scope)).group_by(*keys)
    )
    scales: dict[Metric, set[tuple[float, float]]] = {}
    found: dict[Metric, dict[float, int]] = {}
    for row in session.execute(query):
        metric = Metric(row.metric)
        scales.setdefault(metric, set()).add((row.scale_low, row.scale_high))
        found.setdefault(metric, {})[row.value] = row.n
    return {
        metric: _whole(*next(iter(scales[metric])), counts)
        for metric, counts in found.items()
        if len(scales[metric]) == 1
    }


def _whole(low: float, high: float, counts: Mapping[float, int]) -> Mapping[float, int]:
    """Every step of the scale, those that nobody chose too."""
    steps = {float(value): 0 for value in range(int(low), int(high) + 1)}
    return {**steps, **counts} if len(steps) <= 11 else counts
