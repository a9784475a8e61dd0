"""From statistics to the report's JSON shapes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from feedback.reporting.evidence import Quote
from feedback.reporting.schema import (
    EvidenceOut,
    ImpactOut,
    PainPointOut,
    ScoreOut,
    SentimentOut,
    ShareOut,
    StageOut,
    TouchpointOut,
    TrendOut,
)
from feedback.statistics import scores as estimate
from feedback.statistics.metrics import Metric
from feedback.statistics.painpoints import PainPoint
from feedback.statistics.sums import Moments, Tally, TouchpointSums

Parts = Collection[TouchpointSums]


def scores(parts: Parts) -> list[ScoreOut]:
    """The scores over these touchpoints, metric by metric."""
    found: list[ScoreOut] = []
    for metric in Metric:
        tally = sum((part.tallies.get(metric, Tally()) for part in parts), Tally())
        if tally.answers.n:
            found += [
                ScoreOut(
                    metric=one.metric,
                    value=one.value,
                    low=one.low,
                    high=one.high,
                    n=one.n,
                    small=one.small,
                )
                for one in estimate.estimates(metric, tally)
            ]
    return found


def sentiment(parts: Parts) -> SentimentOut:
    """The mean sentiment over these touchpoints."""
    found = estimate.sentiment(sum((part.sentiment for part in parts), Moments()))
    return SentimentOut(
        mean=found.value, low=found.low, high=found.high, n=found.n, small=found.small
    )


def emotions(parts: Parts) -> dict[str, ShareOut]:
    """The share of comments that show each emotion, the most frequent first."""
    n = sum(part.sentiment.n for part in parts)
    counts: Counter[str] = Counter()
    for part in parts:
        counts.update(part.emotions)
    shares = {name: estimate.share(name, counts[name], n) for name in sorted(counts)}
    ordered = sorted(shares, key=lambda name: -counts[name])
    return {
        name: ShareOut(share=shares[name].value, low=shares[name].low, high=shares[name].high, n=n)
        for name in ordered
    }


def touchpoint(key: str, name: str, part: TouchpointSums) -> TouchpointOut:
    """One touchpoint."""
    return TouchpointOut(
        touchpoint=key,
        name=name,
        n=part.responses,
        scores=scores([part]),
        sentiment=sentiment([part]),
        emotions=emotions([part]),
    )


def stage(key: str, name: str, parts: Parts, touchpoints: Sequence[TouchpointOut]) -> StageOut:
    """One stage with its touchpoints."""
    return StageOut(
        stage=key,
        name=name,
        n=sum(part.responses for part in parts),
        scores=scores(parts),
        sentiment=sentiment(parts),
        emotions=emotions(parts),
        touchpoints=list(touchpoints),
    )


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


def pain_point(
    stage_key: str, point: PainPoint, name: str, quotes: Iterable[Quote]
) -> PainPointOut:
    """One pain point with its theme's name and its quotes."""
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
        trend=_trend(point),
        evidence=_evidence(quotes),
    )
