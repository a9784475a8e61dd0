"""From ranked cells to the report's pain points and delights.

A report can have two thousand of them: those that are looked
at are written as plain values, and checked in one pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter

from feedback.goals.check import Goal
from feedback.reporting.evidence import Quote
from feedback.reporting.schema import PainPointOut, TangleOut
from feedback.statistics.adjusted import Effect
from feedback.statistics.metrics import POINTS, Metric
from feedback.statistics.painpoints import PainPoint
from feedback.statistics.scores import Estimate
from feedback.statistics.tangles import Tangled
from feedback.statistics.trend import Trend
from feedback.themes.catalogue import Catalogue

Plain = dict[str, Any]
"""A part of the report by its fields, not yet checked."""
_POINTS = TypeAdapter(list[PainPointOut])


def pain_points(points: Iterable[Plain]) -> list[PainPointOut]:
    """Pain points or delights as the report has them, of what `pain_point` gave."""
    return _POINTS.validate_python(list(points))


def pain_point(
    stage_key: str,
    point: PainPoint,
    name: str,
    quotes: Iterable[Quote],
    now: Mapping[Metric, float],
    goals: Mapping[Metric, Goal],
) -> Plain:
    """One pain point or delight with its theme's name and its quotes.

    `now` is each metric's score as it stands.
    """
    metric = point.impact.metric if point.impact else None
    effect = point.adjusted if metric in now else None
    reach, named = point.reach, metric.value if metric else None
    return {
        "rank": point.rank,
        "stage": stage_key,
        "touchpoint": point.cell.touchpoint,
        "theme": point.cell.theme,
        "theme_name": name,
        "mentions": point.mentions,
        "negative": point.negative,
        "reach": reach.value,
        "reach_low": reach.low,
        "reach_high": reach.high,
        "told": point.told,
        "impact": _impact(point, named),
        "severity": _severity(point.severity),
        "fixed": fixed(metric, now[metric], effect) if metric and effect and point.hurts else None,
        "money": money(effect, goals.get(metric, Goal())) if metric and effect else None,
        "trend": _trend(point.trend),
        "evidence": [_evidence(quote) for quote in quotes],
    }


def _impact(point: PainPoint, metric: str | None) -> Plain:
    found, own = point.impact, point.adjusted
    return {
        "metric": metric,
        "value": found.value if found else None,
        "low": found.low if found else None,
        "high": found.high if found else None,
        "adjusted": own.value if own else None,
        "adjusted_low": own.low if own else None,
        "adjusted_high": own.high if own else None,
        "q": point.q,
        "n": found.n if found else 0,
        "small": found.small if found else True,
    }


def _severity(found: Estimate | None) -> Plain | None:
    if found is None:
        return None
    return {
        "metric": found.metric,
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "n": found.n,
        "small": found.small,
    }


def _trend(found: Trend) -> Plain:
    return {
        "previous": found.previous,
        "current": found.current,
        "low": found.low,
        "high": found.high,
        "p": found.p,
    }


def _evidence(quote: Quote) -> Plain:
    id_, score = str(quote.comment_id), quote.sentiment_score
    return {"comment": id_, "text": quote.text, "sentiment_score": score}


def fixed(metric: Metric, now: float, effect: Effect) -> Plain:
    """The score without an effect, cut to the scale."""
    least, most = POINTS[metric]
    value = min(most, max(least, now - effect.value))
    low = min(most, max(least, now - effect.high))
    high = min(most, max(least, now - effect.low))
    return {"metric": metric.value, "now": now, "value": value, "low": low, "high": high}


def money(effect: Effect, goal: Goal) -> Plain | None:
    """What an effect is worth in a month, where the team says what a point is worth."""
    if goal.worth is None:
        return None
    worth, currency = goal.worth
    found = effect.times(worth)
    return {"currency": currency, "value": found.value, "low": found.low, "high": found.high}


def tangle(found: Tangled, themes: Catalogue) -> TangleOut:
    """Themes that nobody can tell apart, by their names."""
    return TangleOut(
        touchpoint=found.touchpoint,
        themes=list(found.themes),
        theme_names=[themes.name(theme) for theme in found.themes],
        metric=found.metric.value,
        value=found.cost.value,
        low=found.cost.low,
        high=found.cost.high,
    )
