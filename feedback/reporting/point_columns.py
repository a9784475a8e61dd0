"""From the columns of ranked cells to the report's pain points and delights, as plain values.

A report can have two thousand of them, so no object is made for any: the API writes these values
as they are, and whoever wants the report's own shapes has them checked in one pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from feedback.goals.check import Goal
from feedback.reporting.digits import EXACT, Digits
from feedback.reporting.evidence import Quote
from feedback.statistics.columns.moments import Column, Mask
from feedback.statistics.columns.ranked import Ranked
from feedback.statistics.metrics import POINTS, SMALL_CELL, SMALL_SCORE, Metric
from feedback.statistics.painpoints import PainPoints
from feedback.statistics.sums import Cell

Plain = dict[str, Any]
"""A part of the report by its fields."""


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


def plain_points(found: PainPoints, beside: Beside, digits: Digits = EXACT) -> list[Plain]:
    """These cells by the fields of `PainPointOut`, in their order."""
    of, names = found.columns, _Named(beside.theme_name)
    cells, (reach, low, high) = of.table.cells, map(digits.figures, of.reach)
    quotes = (beside.quotes(cell) for cell in cells)
    rows = _rows(
        rank=found.ranks,
        stage=(beside.stages[cell.touchpoint] for cell in cells),
        touchpoint=(cell.touchpoint for cell in cells),
        theme=(cell.theme for cell in cells),
        theme_name=(names[cell.theme] for cell in cells),
        mentions=_whole(of.table.mentions),
        negative=_whole(of.table.negative),
        reach=reach,
        reach_low=low,
        reach_high=high,
        told=of.told.tolist(),
        impact=_impacts(of, digits),
        severity=_severities(of, digits),
        fixed=_fixed(of, beside.now, digits) if found.hurts else [None] * len(found),
        money=_money(of, beside, digits),
        trend=_trends(of, digits),
        evidence=([_evidence(quote, digits) for quote in listed] for listed in quotes),
    )
    return list(rows)


def _rows(**columns: Iterable[object]) -> Iterator[Plain]:
    """Rows by the columns' names."""
    return (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))


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


def _metrics(of: Ranked) -> list[str | None]:
    names = [*(metric.value for metric in of.metrics), None]
    return [names[place] for place in of.metric.tolist()]


def _impacts(of: Ranked, digits: Digits) -> Iterator[Plain]:
    one, own, figures = of.impact, of.adjusted, digits.figures
    return _rows(
        metric=_metrics(of),
        value=figures(one.value),
        low=figures(one.low),
        high=figures(one.high),
        adjusted=figures(own.value),
        adjusted_low=figures(own.low),
        adjusted_high=figures(own.high),
        q=digits.chances(of.q),
        n=_whole(one.n),
        small=(one.n < SMALL_CELL).tolist(),
    )


def _severities(of: Ranked, digits: Digits) -> Iterator[Plain | None]:
    """The scores of those who say it; None where there is none."""
    n, (value, low, high) = of.impact.n, map(digits.figures, of.severity)
    small = (n < SMALL_SCORE).tolist()
    rows = _rows(metric=_metrics(of), value=value, low=low, high=high, n=_whole(n), small=small)
    return _where(~np.isnan(of.severity[0]), rows)


def _fixed(of: Ranked, now: Mapping[Metric, float], digits: Digits) -> Iterator[Plain | None]:
    """The scores without the effects, cut to the scale."""
    stands, effect = _by_metric(of, lambda metric: now.get(metric, np.nan)), of.adjusted
    least = _by_metric(of, lambda metric: POINTS[metric][0])
    most = _by_metric(of, lambda metric: POINTS[metric][1])
    rows = _rows(
        metric=_metrics(of),
        now=digits.figures(stands),
        value=digits.figures(np.clip(stands - effect.value, least, most)),
        low=digits.figures(np.clip(stands - effect.high, least, most)),
        high=digits.figures(np.clip(stands - effect.low, least, most)),
    )
    return _where(_known(of, now), rows)


def _money(of: Ranked, beside: Beside, digits: Digits) -> Iterator[Plain | None]:
    """What the effects are worth in a month, where the team says what a point is worth."""
    worths = [beside.goals.get(metric, Goal()).worth for metric in of.metrics]
    factors = np.array([*(worth[0] if worth else np.nan for worth in worths), np.nan])[of.metric]
    names = [*(worth[1] if worth else None for worth in worths), None]
    rows = _rows(
        currency=(names[place] for place in of.metric.tolist()),
        value=digits.figures(factors * of.adjusted.value),
        low=digits.figures(factors * of.adjusted.low),
        high=digits.figures(factors * of.adjusted.high),
    )
    return _where(_known(of, beside.now) & ~np.isnan(factors), rows)


def _where(known: Mask, rows: Iterable[Plain]) -> Iterator[Plain | None]:
    """The rows that there are, None in place of the others."""
    return (row if there else None for there, row in zip(known.tolist(), rows, strict=True))


def _known(of: Ranked, now: Mapping[Metric, float]) -> Mask:
    """Where there is an effect, and a score to hold it against."""
    stands = _by_metric(of, lambda metric: now.get(metric, np.nan))
    known: Mask = ~np.isnan(stands) & ~np.isnan(of.adjusted.value) & (of.metric >= 0)
    return known


def _by_metric(of: Ranked, value: Callable[[Metric], float]) -> Column:
    """A number of each cell's metric; NaN where it has none."""
    found: Column = np.array([*map(value, of.metrics), np.nan])[of.metric]
    return found


def _trends(of: Ranked, digits: Digits) -> Iterator[Plain]:
    one, figures = of.trend, digits.figures
    return _rows(
        previous=figures(one.previous),
        current=figures(one.current),
        low=figures(one.low),
        high=figures(one.high),
        p=digits.chances(one.p),
    )


def _evidence(quote: Quote, digits: Digits) -> Plain:
    (score,) = digits.figures(np.array([quote.sentiment_score]))
    return {"comment": str(quote.comment_id), "text": quote.text, "sentiment_score": score}
