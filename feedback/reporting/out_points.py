"""From ranked cells to the report's pain points and delights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from feedback.goals.check import Goal
from feedback.reporting import out
from feedback.reporting.evidence import Quote
from feedback.reporting.schema import (
    EvidenceOut,
    FixedOut,
    ImpactOut,
    MoneyOut,
    PainPointOut,
    TangleOut,
    TrendOut,
)
from feedback.statistics.adjusted import Effect
from feedback.statistics.metrics import POINTS, Metric
from feedback.statistics.painpoints import PainPoint
from feedback.statistics.tangles import Tangled
from feedback.themes.catalogue import Catalogue


def _impact(point: PainPoint) -> ImpactOut:
    found, own = point.impact, point.adjusted
    return ImpactOut(
        metric=found.metric.value if found else None,
        value=found.value if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        adjusted=own.value if own else None,
        adjusted_low=own.low if own else None,
        adjusted_high=own.high if own else None,
        q=point.q,
        n=found.n if found else 0,
        small=found.small if found else True,
    )


def _trend(point: PainPoint) -> TrendOut:
    found = point.trend
    return TrendOut(
        previous=found.previous,
        current=found.current,
        low=found.low,
        high=found.high,
        p=found.p,
    )


def _evidence(quotes: Iterable[Quote]) -> list[EvidenceOut]:
    return [
        EvidenceOut(
            comment=str(quote.comment_id), text=quote.text, sentiment_score=quote.sentiment_score
        )
        for quote in quotes
    ]


def fixed(metric: Metric, now: float, effect: Effect) -> FixedOut:
    """The score without an effect, cut to the scale."""
    least, most = POINTS[metric]
    without = (now - effect.value, now - effect.high, now - effect.low)
    value, low, high = (min(most, max(least, one)) for one in without)
    return FixedOut(metric=metric.value, now=now, value=value, low=low, high=high)


def money(effect: Effect, goal: Goal) -> MoneyOut | None:
    """What an effect is worth in a month, where the team says what a point is worth."""
    if goal.worth is None:
        return None
    worth, currency = goal.worth
    found = effect.times(worth)
    return MoneyOut(currency=currency, value=found.value, low=found.low, high=found.high)


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


def pain_point(
    stage_key: str,
    point: PainPoint,
    name: str,
    quotes: Iterable[Quote],
    now: Mapping[Metric, float],
    goals: Mapping[Metric, Goal],
) -> PainPointOut:
    """One pain point or delight with its theme's name and its quotes.

    `now` is each metric's score as it stands.
    """
    metric = point.impact.metric if point.impact else None
    effect = point.adjusted if metric in now else None
    return PainPointOut(
        rank=point.rank,
        stage=stage_key,
        touchpoint=point.cell.touchpoint,
        theme=point.cell.theme,
        theme_name=name,
        mentions=point.mentions,
        negative=point.negative,
        reach=point.reach.value,
        reach_low=point.reach.low,
        reach_high=point.reach.high,
        told=point.told,
        impact=_impact(point),
        severity=out.score(point.severity) if point.severity else None,
        fixed=fixed(metric, now[metric], effect) if metric and effect and point.hurts else None,
        money=money(effect, goals.get(metric, Goal())) if metric and effect else None,
        trend=_trend(point),
        evidence=_evidence(quotes),
    )
