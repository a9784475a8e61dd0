"""From the columns of ranked cells to the report's pain points and delights, by their fields.

A report can have two thousand of them, so no object is made for any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from feedback.goals.check import Goal
from feedback.reporting.evidence import Quote
from feedback.reporting.fields import Chances, Columns, Fields, Figures, Lists
from feedback.statistics.columns.moments import Column, Mask
from feedback.statistics.columns.ranked import Ranked
from feedback.statistics.metrics import POINTS, SMALL_CELL, SMALL_SCORE, Metric
from feedback.statistics.painpoints import PainPoints
from feedback.statistics.sums import Cell


@dataclass(frozen=True, slots=True)
class Beside:
    """What cells are written with beside their own figures.

    `stages` holds the stage of each touchpoint, `now` each metric's score as it stands.
    """

    stages: Mapping[str, str]
    theme_name: Callable[[str], str]
    quotes: Callable[[Cell], Iterable[Quote]]
    now: Mapping[Metric, float]
    goals: Mapping[Metric, Goal]


def point_fields(found: PainPoints, beside: Beside) -> Fields:
    """These cells by the fields of `PainPointOut`, in their order."""
    of, names = found.columns, _Named(beside.theme_name)
    cells, (reach, low, high) = of.table.cells, map(Figures, of.reach)
    columns: Columns = {
        "rank": found.ranks,
        "stage": [beside.stages[cell.touchpoint] for cell in cells],
        "touchpoint": [cell.touchpoint for cell in cells],
        "theme": [cell.theme for cell in cells],
        "theme_name": [names[cell.theme] for cell in cells],
        "mentions": _whole(of.table.mentions),
        "negative": _whole(of.table.negative),
        "reach": reach,
        "reach_low": low,
        "reach_high": high,
        "told": of.told.tolist(),
        "impact": _impacts(of),
        "severity": _severities(of),
        "fixed": _fixed(of, beside.now) if found.hurts else [None] * len(found),
        "money": _money(of, beside),
        "trend": _trends(of),
        "evidence": Lists([_evidence(tuple(beside.quotes(cell))) for cell in cells]),
    }
    return Fields(columns)


class _Named(dict[str, str]):
    """What the workspace calls its themes, each asked for once."""

    def __init__(self, name: Callable[[str], str]) -> None:
        self._name = name

    def __missing__(self, theme: str) -> str:
        self[theme] = self._name(theme)
        return self[theme]


def _whole(counts: Column) -> Sequence[int]:
    found: list[int] = counts.astype(int).tolist()
    return found


def _metrics(of: Ranked) -> Sequence[str | None]:
    names = [*(metric.value for metric in of.metrics), None]
    return [names[place] for place in of.metric.tolist()]


def _impacts(of: Ranked) -> Fields:
    one, own = of.impact, of.adjusted
    return Fields(
        {
            "metric": _metrics(of),
            "value": Figures(one.value),
            "low": Figures(one.low),
            "high": Figures(one.high),
            "adjusted": Figures(own.value),
            "adjusted_low": Figures(own.low),
            "adjusted_high": Figures(own.high),
            "q": Chances(of.q),
            "n": _whole(one.n),
            "small": (one.n < SMALL_CELL).tolist(),
        }
    )


def _severities(of: Ranked) -> Fields:
    """The scores of those who say it."""
    n, (value, low, high) = of.impact.n, of.severity
    columns: Columns = {
        "metric": _metrics(of),
        "value": Figures(value),
        "low": Figures(low),
        "high": Figures(high),
        "n": _whole(n),
        "small": (n < SMALL_SCORE).tolist(),
    }
    return Fields(columns, ~np.isnan(value))


def _fixed(of: Ranked, now: Mapping[Metric, float]) -> Fields:
    """The scores without the effects, cut to the scale."""
    stands, effect = _by_metric(of, lambda metric: now.get(metric, np.nan)), of.adjusted
    least = _by_metric(of, lambda metric: POINTS[metric][0])
    most = _by_metric(of, lambda metric: POINTS[metric][1])
    columns: Columns = {
        "metric": _metrics(of),
        "now": Figures(stands),
        "value": Figures(np.clip(stands - effect.value, least, most)),
        "low": Figures(np.clip(stands - effect.high, least, most)),
        "high": Figures(np.clip(stands - effect.low, least, most)),
    }
    return Fields(columns, _known(of, now))


def _money(of: Ranked, beside: Beside) -> Fields:
    """What the effects are worth in a month, where the team says what a point is worth."""
    worths = [beside.goals.get(metric, Goal()).worth for metric in of.metrics]
    factors = np.array([*(worth[0] if worth else np.nan for worth in worths), np.nan])[of.metric]
    names = [*(worth[1] if worth else None for worth in worths), None]
    columns: Columns = {
        "currency": [names[place] for place in of.metric.tolist()],
        "value": Figures(factors * of.adjusted.value),
        "low": Figures(factors * of.adjusted.low),
        "high": Figures(factors * of.adjusted.high),
    }
    return Fields(columns, _known(of, beside.now) & ~np.isnan(factors))


def _known(of: Ranked, now: Mapping[Metric, float]) -> Mask:
    """Where there is an effect, and a score to hold it against."""
    stands = _by_metric(of, lambda metric: now.get(metric, np.nan))
    known: Mask = ~np.isnan(stands) & ~np.isnan(of.adjusted.value) & (of.metric >= 0)
    return known


def _by_metric(of: Ranked, value: Callable[[Metric], float]) -> Column:
    """A number of each cell's metric; NaN where it has none."""
    found: Column = np.array([*map(value, of.metrics), np.nan])[of.metric]
    return found


def _trends(of: Ranked) -> Fields:
    one = of.trend
    return Fields(
        {
            "previous": Figures(one.previous),
            "current": Figures(one.current),
            "low": Figures(one.low),
            "high": Figures(one.high),
            "p": Chances(one.p),
        }
    )


def _evidence(quotes: Sequence[Quote]) -> Fields | None:
    if not quotes:
        return None
    return Fields(
        {
            "comment": [str(quote.comment_id) for quote in quotes],
            "text": [quote.text for quote in quotes],
            "sentiment_score": Figures(np.array([quote.sentiment_score for quote in quotes])),
        }
    )
