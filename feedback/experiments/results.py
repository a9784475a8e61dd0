"""What an experiment shows: each variant beside the control, with intervals for every look."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from feedback.experiments.outcomes import Outcome
from feedback.experiments.sequential import (
    ALPHA,
    Difference,
    Sample,
    difference,
    share,
    share_difference,
)
from feedback.statistics.metrics import POINTS, Metric

UNEVEN = 0.001
"""Customers divided less evenly than this chance allows: something else decides who gets what."""
WORTH_SHARE, WORTH_LEAVING = 0.05, 0.01
WORTH_POINTS = 0.05
"""Of a metric's whole range: ten points of NPS, five of CSAT."""


class Measure(StrEnum):
    """What variants are compared by; a lower one is better for the last."""

    COMPLETED = "completed"
    ANSWERED = "answered"
    SCORE = "score"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure of one variant: its own value, and how far it is from the control's.

    `value` is None without anybody, `difference` for the control and while it is too early.
    """

    measure: Measure
    value: float | None
    n: int
    difference: Difference | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One variant with everything it is compared by."""

    key: str
    outcome: Outcome
    compared: tuple[Compared, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """All variants, the control first; `metric` is that of the score, None without any.

    `uneven` is the chance of so uneven a division if only the hash decided, where it is so
    small that something is wrong.
    """

    metric: Metric | None
    standings: tuple[Standing, ...]
    uneven: float | None


def results(keys: Sequence[str], weights: Sequence[int], found: Sequence[Outcome]) -> Results:
    """Compare; the first is the control, and all stand in the same order.

    With several variants each difference has a share of the 5% (Bonferroni), so that they
    hold together.
    """
    metric = _metric(found)
    alpha = ALPHA / max(len(keys) - 1, 1)
    standings = [
        Standing(key, outcome, _compared(found[0], outcome, metric, alpha, place == 0))
        for place, (key, outcome) in enumerate(zip(keys, found, strict=True))
    ]
    return Results(metric, tuple(standings), _uneven([one.given for one in found], weights))


def _metric(found: Sequence[Outcome]) -> Metric | None:
    """The metric most answers have; of equals the first in the order of preference."""
    answers = {
        metric: sum(one.points[metric].n for one in found if metric in one.points)
        for metric in Metric
    }
    best = max(Metric, key=lambda metric: answers[metric])
    return best if answers[best] else None


def _compared(
    control: Outcome, one: Outcome, metric: Metric | None, alpha: float, is_control: bool
) -> tuple[Compared, ...]:
    shares = (
        (Measure.COMPLETED, lambda of: share(of.given, of.completed), WORTH_SHARE),
        (Measure.ANSWERED, lambda of: share(of.given, of.answered), WORTH_SHARE),
        (Measure.LEFT, lambda of: share(of.asked, of.left), WORTH_LEAVING),
    )
    told = [
        _one(measure, take, worth, control, one, alpha, share_difference)
        for measure, take, worth in shares
    ]
    if metric is not None:
        least, most = POINTS[metric]
        worth = WORTH_POINTS * (most - least)
        told.append(_one(Measure.SCORE, _points(metric), worth, control, one, alpha, difference))
    if is_control:
        told = [replace(compared, difference=None) for compared in told]
    return tuple(sorted(told, key=lambda compared: list(Measure).index(compared.measure)))


def _points(metric: Metric) -> Callable[[Outcome], Sample]:
    return lambda of: of.points.get(metric, Sample(0, 0.0, 0.0))


def _one(
    measure: Measure,
    take: Callable[[Outcome], Sample],
    worth: float,
    control: Outcome,
    one: Outcome,
    alpha: float,
    compare: Callable[[Sample, Sample, float, float], Difference | None],
) -> Compared:
    mine = take(one)
    value = mine.mean if mine.n else None
    return Compared(measure, value, mine.n, compare(take(control), mine, worth, alpha))


def _uneven(given: Sequence[int], weights: Sequence[int]) -> float | None:
    """Pearson's chi-squared against the weights (sample ratio mismatch)."""
    total, whole = sum(given), sum(weights)
    if not total:
        return None
    expected = [total * weight / whole for weight in weights]
    statistic = sum((n - e) ** 2 / e for n, e in zip(given, expected, strict=True))
    p = chi_squared_tail(statistic, len(given) - 1)
    return p if p < UNEVEN else None


def chi_squared_tail(value: float, freedom: int) -> float:
    """The chance of more than `value`: the upper incomplete gamma function, stepwise by one.

    Q(a + 1, x) = Q(a, x) + x^a exp(-x) / Gamma(a + 1), from Q(1/2, x) = erfc(sqrt x) or
    Q(1, x) = exp(-x) (Abramowitz and Stegun 6.5.21). The web process carries no scipy.
    """
    half, at = value / 2, 0.5 if freedom % 2 else 1.0
    tail = math.erfc(math.sqrt(half)) if freedom % 2 else math.exp(-half)
    while at < freedom / 2:
        tail += half**at * math.exp(-half) / math.gamma(at + 1)
        at += 1
    return tail


def leader(found: Results) -> Mapping[Measure, str]:
    """Of each measure the variant that is clearly better than the control, the best of several."""
    best: dict[Measure, tuple[float, str]] = {}
    for standing in found.standings[1:]:
        for one in standing.compared:
            gain = _gain(one)
            if gain is not None and gain > best.get(one.measure, (0.0, ""))[0]:
                best[one.measure] = (gain, standing.key)
    return {measure: key for measure, (_, key) in best.items()}


def _gain(one: Compared) -> float | None:
    """The pessimistic end of a clear improvement; None where there is none."""
    if one.difference is None or not one.difference.clear:
        return None
    gain = -one.difference.high if one.measure is Measure.LEFT else one.difference.low
    return gain if gain > 0 else None
