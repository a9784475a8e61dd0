"""From statistics to the report's JSON shapes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

from feedback.reporting.figures import ChangeOut, ScoreOut
from feedback.reporting.schema import SentimentOut, ShareOut, StageOut, TouchpointOut
from feedback.statistics import scores as estimate
from feedback.statistics.clustered import Clusters, stretch
from feedback.statistics.metrics import Metric
from feedback.statistics.moved import moved
from feedback.statistics.scores import Estimate
from feedback.statistics.sums import Moments, Tally, TouchpointSums

Parts = Collection[TouchpointSums]
Customers = Callable[[Metric, Moments], Clusters]


def estimates(parts: Parts, customers: Customers) -> list[Estimate]:
    """The scores over these touchpoints, metric by metric, their intervals holding for the
    customers behind them.
    """
    found: list[Estimate] = []
    for metric in Metric:
        tally = sum((part.tallies.get(metric, Tally()) for part in parts), Tally())
        if tally.answers.n:
            wider = stretch(customers(metric, points_of(parts, metric)))
            found += [estimate.stretched(one, wider) for one in estimate.estimates(metric, tally)]
    return found


def points_of(parts: Parts, metric: Metric) -> Moments:
    """The points of every response at these touchpoints that has a score of a metric."""
    return sum((part.points.get(metric, Moments()) for part in parts), Moments())


def score(one: Estimate) -> ScoreOut:
    """An estimate."""
    return ScoreOut(
        metric=one.metric, value=one.value, low=one.low, high=one.high, n=one.n, small=one.small
    )


def scores(parts: Parts, customers: Customers) -> list[ScoreOut]:
    """The scores over these touchpoints, metric by metric."""
    return [score(one) for one in estimates(parts, customers)]


def changes(
    metrics: Iterable[str], before: Iterable[Estimate], now: Iterable[Estimate]
) -> list[ChangeOut]:
    """Each of these scores now against before; nothing is said where a side has no answers."""
    old, new = ({one.metric: one for one in side} for side in (before, now))
    found = []
    for metric in metrics:
        nothing = estimate.withheld(metric, 0)
        trend = moved(old.get(metric, nothing), new.get(metric, nothing))
        found.append(
            ChangeOut(
                metric=metric,
                previous=trend.previous,
                current=trend.current,
                low=trend.low,
                high=trend.high,
                p=trend.p,
            )
        )
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


def touchpoint(key: str, name: str, parts: Parts, customers: Customers) -> TouchpointOut:
    """One touchpoint."""
    return TouchpointOut(
        touchpoint=key,
        name=name,
        n=sum(part.responses for part in parts),
        scores=scores(parts, customers),
        sentiment=sentiment(parts),
        emotions=emotions(parts),
    )


def stage(
    key: str,
    name: str,
    parts: Parts,
    touchpoints: Sequence[TouchpointOut],
    customers: Customers,
) -> StageOut:
    """One stage with its touchpoints."""
    return StageOut(
        stage=key,
        name=name,
        n=sum(part.responses for part in parts),
        scores=scores(parts, customers),
        sentiment=sentiment(parts),
        emotions=emotions(parts),
        touchpoints=list(touchpoints),
    )
