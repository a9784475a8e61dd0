"""Scores and sentiment as estimates: a value, its 95% interval, and how many answers it has."""

from __future__ import annotations

from dataclasses import dataclass, replace

from feedback.statistics.intervals import Interval, bounded_mean, net_promoter, wilson
from feedback.statistics.metrics import MIN_SHOWN, SMALL_SCORE, VALUES, Metric
from feedback.statistics.sums import Moments, Tally


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval, all None when `n` is too small to give one.

    `small` says that the sample is small: below `MIN_SHOWN` there is no figure at all, below
    `SMALL_SCORE` there is one to be read with care.
    """

    metric: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    small: bool


ENDS = {
    "nps": (-100.0, 100.0),
    "csat": (0.0, 100.0),
    "csat_mean": VALUES[Metric.CSAT],
    "ces": VALUES[Metric.CES],
    "ces_easy": (0.0, 100.0),
}
"""The scale each score is shown on."""


def stretched(found: Estimate, factor: float) -> Estimate:
    """The same score with both margins as many times as long, cut to its scale."""
    if found.value is None or found.low is None or found.high is None:
        return found
    low = found.value - factor * (found.value - found.low)
    high = found.value + factor * (found.high - found.value)
    least, most = ENDS[found.metric]
    return replace(found, low=max(least, low), high=min(most, high))


def _estimate(metric: str, value: float, interval: Interval, n: int) -> Estimate:
    return Estimate(metric, value, interval[0], interval[1], n, n < SMALL_SCORE)


def withheld(metric: str, n: int) -> Estimate:
    """Too few answers: the count, and no figure."""
    return Estimate(metric, None, None, None, n, small=True)


def share(metric: str, count: int, n: int, unit: float = 1.0) -> Estimate:
    """A share with Wilson's interval, times `unit` (100 for percent)."""
    if n < MIN_SHOWN:
        return withheld(metric, n)
    low, high = wilson(count, n)
    return _estimate(metric, unit * count / n, (unit * low, unit * high), n)


def mean(metric: str, numbers: Moments, least: float, most: float) -> Estimate:
    """A mean on the scale from `least` to `most`, with a t interval."""
    if numbers.n < MIN_SHOWN:
        return withheld(metric, numbers.n)
    value = min(most, max(least, numbers.mean))
    return _estimate(metric, value, bounded_mean(numbers, least, most), numbers.n)


def nps(promoters: int, passives: int, detractors: int) -> Estimate:
    """Net Promoter Score in points, -100 to 100."""
    n = promoters + passives + detractors
    if n < MIN_SHOWN:
        return withheld("nps", n)
    value = 100.0 * (promoters - detractors) / n
    return _estimate("nps", value, net_promoter(promoters, detractors, n), n)


def csat(satisfied: int, n: int) -> Estimate:
    """Customer satisfaction: percent of answers in the top boxes."""
    return share("csat", satisfied, n, 100.0)


def csat_mean(answers: Moments) -> Estimate:
    """The mean satisfaction, on 1 to 5."""
    return mean("csat_mean", answers, *VALUES[Metric.CSAT])


def ces(answers: Moments) -> Estimate:
    """Customer effort score: the mean agreement, on 1 to 7, that it was easy."""
    return mean("ces", answers, *VALUES[Metric.CES])


def ces_easy(easy: int, n: int) -> Estimate:
    """Percent of answers above the middle of the effort scale (5 to 7 of 7)."""
    return share("ces_easy", easy, n, 100.0)


def sentiment(scores: Moments) -> Estimate:
    """The mean sentiment of comments, -1 to 1."""
    return mean("sentiment", scores, -1.0, 1.0)


def estimates(metric: Metric, tally: Tally) -> list[Estimate]:
    """Every estimate a metric gives, its headline first."""
    n = tally.answers.n
    if metric is Metric.NPS:
        return [nps(tally.top, n - tally.top - tally.bottom, tally.bottom)]
    if metric is Metric.CSAT:
        return [csat(tally.top, n), csat_mean(tally.answers)]
    return [ces(tally.answers), ces_easy(tally.top, n)]
