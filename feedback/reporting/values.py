"""How many answers have each value, on the scale they were asked on."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from feedback.cells.items import value_asked
from feedback.cells.read import sums_of
from feedback.reporting.scope import Scope
from feedback.statistics.metrics import Metric


def value_counts(session: Session, scope: Scope) -> dict[Metric, Mapping[float, int]]:
    """The counts by value, where all answers of a metric stand on one scale."""
    scales: dict[Metric, set[tuple[float, float]]] = {}
    found: dict[Metric, dict[float, int]] = {}
    for item, number in sums_of(session, scope, "values").items():
        metric, (low, high, value) = Metric(item.first), value_asked(item.second)
        scales.setdefault(metric, set()).add((low, high))
        counts = found.setdefault(metric, {})
        counts[value] = counts.get(value, 0) + number
    return {
        metric: _whole(*next(iter(scales[metric])), counts)
        for metric, counts in found.items()
        if len(scales[metric]) == 1
    }


def _whole(low: float, high: float, counts: Mapping[float, int]) -> Mapping[float, int]:
    """Every step of the scale, those that nobody chose too."""
    steps = {float(value): 0 for value in range(int(low), int(high) + 1)}
    return {**steps, **counts} if len(steps) <= 11 else counts
