"""Themes of a touchpoint that customers say together so often that nobody can part their costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feedback.statistics.adjusted import Effect
from feedback.statistics.collinear import MOST_CORRELATION, MOST_INFLATION, dependence
from feedback.statistics.gram import Gram, grams_of
from feedback.statistics.metrics import MIN_SHOWN, POINTS, Metric
from feedback.statistics.ridge import ridge
from feedback.statistics.sums import JourneySums


@dataclass(frozen=True, slots=True)
class Tangled:
    """Themes at a touchpoint, and the points of the journey's score they cost together."""

    touchpoint: str
    metric: Metric
    themes: tuple[str, ...]
    cost: Effect


def tangles(sums: JourneySums) -> list[Tangled]:
    """The themes of the journey's leading metric that the data can't tell apart."""
    found: list[Tangled] = []
    for metric in sums.metrics[:1]:
        n = sums.points(metric).n
        for touchpoint, gram in grams_of(sums, metric, least=MIN_SHOWN).items():
            if len(gram.themes) < 2 or not _depends(gram):
                continue
            share = gram.points.n / n
            for one in ridge([gram], *POINTS[metric]).tangles:
                cost = one.cost.times(share)
                found.append(Tangled(touchpoint, metric, one.themes, cost))
    return found


def _depends(gram: Gram) -> bool:
    """Whether any theme depends on another too much; far cheaper than solving them."""
    found = dependence(gram.centred)
    close = np.abs(found.correlations)
    np.fill_diagonal(close, 0.0)
    inflated = any((part or 0.0) >= MOST_INFLATION for part in found.inflation)
    return inflated or bool((close >= MOST_CORRELATION).any())
