"""How rare a share is so far out: a beta-binomial, where the chart's own tail is too thin.

Shares of days that lie about their level are skewed, the more the rarer a theme is. The chart
gives scatter by counting fewer answers, which is right for its 95% range but not for one day in a
thousand: an effective binomial is half as skewed as shares that scatter like a beta. There the
counts are taken as beta-binomial with the same mean and variance (Skellam 1948).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from statistics import NormalDist

from feedback.statistics import student
from feedback.statistics.control import Reading, Series, read
from feedback.statistics.fdr import q_values

LOOKED_AT = 0.05
"""Readings whose p is larger are told of nowhere, so theirs may stay."""
_NORMAL = NormalDist()
_LEAST, _SMALLEST = 1e-3, 1e-300


def read_surely(series: Sequence[Series], season: int = 1) -> list[Reading]:
    """Read every series; p is the less sure of the chart's and the beta-binomial's, q anew."""
    found = read(series, season, sparing=True)
    ps = [_p(one, reading, season) for one, reading in zip(series, found, strict=True)]
    qs = iter(q_values([p for p in ps if p is not None]))
    return [
        one if p is None else replace(one, p=p, q=next(qs))
        for one, p in zip(found, ps, strict=True)
    ]


def _p(series: Series, reading: Reading, season: int) -> float | None:
    if reading.p is None or not series.share or reading.p > LOOKED_AT:
        return reading.p
    earlier = series.earlier
    ours = [one for one in earlier[len(earlier) % season :: season] if one.n]
    n, total = sum(one.n for one in ours), sum(one.total for one in ours)
    answered = [place for place, one in enumerate(earlier) if one.n]
    degrees = len(answered) - len({place % season for place in answered})
    share = (total + 0.5) / (n + 1.0)
    excess = (reading.dispersion or 1.0) * (1.0 + series.latest.n / n)
    chance = far_out(round(series.latest.total), series.latest.n, share, excess)
    score = _NORMAL.inv_cdf(min(0.5, max(_SMALLEST, chance)))
    return max(reading.p, min(1.0, 2.0 * student.cdf(score, float(degrees))))


def far_out(count: int, n: int, share: float, excess: float) -> float:
    """The chance of `count` of `n` or further out on its side, half of its own left out.

    Beta-binomial with the mean `share` and `excess` (more than 1) times a binomial's variance.
    """
    if count < n * share:
        count, share = n - count, 1.0 - share
    most = max(_LEAST, (n - excess) / (excess - 1.0))
    a, b = share * most, (1.0 - share) * most
    own = math.exp(_log_chance(count, n, a, b))
    beyond, term = 0.0, own
    for k in range(count, n):
        term *= (n - k) / (k + 1.0) * (k + a) / (n - k - 1.0 + b)
        beyond += term
        if term < beyond * 1e-12:
            break
    return min(1.0, 0.5 * own + beyond)


def _log_chance(count: int, n: int, a: float, b: float) -> float:
    """The logarithm of the chance of just this count: C(n, k)·B(k + a, n - k + b) / B(a, b)."""
    ways = -math.log(n + 1.0) - _log_beta(count + 1.0, n - count + 1.0)
    return ways + _log_beta(count + a, n - count + b) - _log_beta(a, b)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
