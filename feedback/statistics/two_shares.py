"""Two independent shares compared: their ratio and difference with score intervals, and a p.

Miettinen and Nurminen's (1985) method: a ratio or difference belongs to the interval if the
shares that are likeliest under it lie within z standard errors of what was seen. Both intervals
leave "no difference" out together. The p-value is Fisher's exact one, which is more careful.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from feedback.statistics.intervals import Interval, Z, around

_TURNS = 96
_NEAR = 1e-11
_FAR = 40.0
"""The logarithm of the largest ratio looked at."""

_NEGLIGIBLE = 1e-17


class Count(NamedTuple):
    """How many responses complain (`said`), of how many (`n`)."""

    said: int
    n: int

    @property
    def share(self) -> float:
        """The share that complains; of none it is 0, so look at `n` first."""
        return self.said / self.n if self.n else 0.0

    def without(self, part: Count) -> Count:
        """Those that are not in `part`; possible counts even where rows were dated apart."""
        n = max(0, self.n - part.n)
        return Count(min(n, max(0, self.said - part.said)), n)


def _score(seen: float, variance: float, n: int) -> float:
    """Standard errors from 0, the variance times n/(n - 1) as in the paper."""
    if variance > 0.0:
        return seen / math.sqrt(variance * n / (n - 1.0))
    return math.copysign(math.inf, seen) if seen else 0.0


def _by_ratio(inside: Count, outside: Count, ratio: float) -> float:
    """The score of a ratio of the shares; falls as the ratio grows."""
    n, said = inside.n + outside.n, inside.said + outside.said
    half = (inside.n * ratio + inside.said + outside.n + outside.said * ratio) / 2.0
    root = math.sqrt(max(0.0, half * half - n * ratio * said))
    low = min(1.0, 1.0 / ratio, said / (half + root))
    high = min(1.0, ratio * low)
    variance = high * (1.0 - high) / inside.n + ratio * ratio * low * (1.0 - low) / outside.n
    return _score(inside.share - ratio * outside.share, variance, n)


def _by_gap(inside: Count, outside: Count, gap: float) -> float:
    """The score of a difference of the shares; falls as the difference grows.

    The likeliest lower share solves the paper's cubic equation, here divided by three times
    its leading coefficient (`b`, `c`, `d`: the others).
    """
    if gap < 0.0:
        return -_by_gap(outside, inside, -gap)
    n, said = inside.n + outside.n, inside.said + outside.said
    b = ((inside.n + 2.0 * outside.n) * gap - n - said) / (3.0 * n)
    c = ((outside.n * gap - n - 2.0 * outside.said) * gap + said) / (3.0 * n)
    d = outside.said * gap * (1.0 - gap) / (3.0 * n)
    q = b**3 - 1.5 * b * c + 1.5 * d
    p = math.copysign(math.sqrt(max(0.0, b * b - c)), q)
    angle = math.acos(min(1.0, max(-1.0, q / p**3))) if p else 0.0
    low = min(1.0 - gap, max(0.0, 2.0 * p * math.cos((math.pi + angle) / 3.0) - b))
    high = low + gap
    variance = high * (1.0 - high) / inside.n + low * (1.0 - low) / outside.n
    return _score(inside.share - outside.share - gap, variance, n)


Score = Callable[[float], float]
Bracket = tuple[float, float, float, float]


def _bracket(score: Score, start: float, step: float, least: float, most: float) -> Bracket:
    """Two places around where a falling score passes 0, found in growing steps, and its values."""
    low = high = start
    above = below = score(start)
    while above <= 0.0 and low > least:
        high, below = low, above
        low = max(least, low - step)
        above, step = score(low), 2.0 * step
    while below > 0.0 and high < most:
        low, above = high, below
        high = min(most, high + step)
        below, step = score(high), 2.0 * step
    return low, above, high, below


def _crossing(score: Score, start: float, step: float, least: float, most: float) -> float:
    """Where a falling score passes 0, by false position (Illinois), halving where that stalls."""
    low, above, high, below = _bracket(score, start, step, least, most)
    for turn in range(_TURNS):
        if high - low <= _NEAR * max(1.0, abs(low)):
            break
        at = (low + high) / 2.0
        if turn % 8 < 7 and math.isfinite(above - below) and above > below:
            at = min(high, max(low, low + (high - low) * above / (above - below)))
        found = score(at)
        if abs(found) < _NEAR:
            return at
        if found > 0.0:
            low, above, below = at, found, below / 2.0
        else:
            high, below, above = at, found, above / 2.0
    return (low + high) / 2.0


def difference_interval(inside: Count, outside: Count) -> Interval:
    """The 95% interval of the inside share less the outside share; both of at least 1."""
    seen = inside.share - outside.share
    shares = ((count.said + 0.5) / (count.n + 1.0) for count in (inside, outside))
    ns = (inside.n, outside.n)
    step = math.sqrt(sum(p * (1.0 - p) / n for p, n in zip(shares, ns, strict=True)))

    def end(target: float) -> float:
        return _crossing(lambda gap: _by_gap(inside, outside, gap) - target, seen, step, -1.0, 1.0)

    return around(seen, end(Z), end(-Z), -1.0, 1.0)


def ratio_interval(inside: Count, outside: Count) -> tuple[float, float | None]:
    """The 95% interval of the inside share over the outside share; someone must complain.

    Without a complaint outside there is no upper end (None).
    """
    halves = ((count.said + 0.5) / (count.n + 0.5) for count in (inside, outside))
    start = math.log(next(halves) / next(halves))
    step = math.sqrt(1.0 / (inside.said + 0.5) + 1.0 / (outside.said + 0.5))

    def end(target: float) -> float:
        def score(power: float) -> float:
            return _by_ratio(inside, outside, math.exp(power)) - target

        return math.exp(_crossing(score, start, step, -_FAR, _FAR))

    low = end(Z) if inside.said else 0.0
    if not outside.said:
        return low, None
    ratio = inside.share / outside.share
    return min(low, ratio), max(end(-Z), ratio)


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1.0) - math.lgamma(k + 1.0) - math.lgamma(n - k + 1.0)


def _tail(inside: Count, outside: Count) -> float:
    """The chance of as many complaints inside, or more, term by term while they count."""
    n, said = inside.n + outside.n, inside.said + outside.said
    log = _log_choose(inside.n, inside.said) + _log_choose(outside.n, outside.said)
    term = total = 1.0
    for k in range(inside.said, min(inside.n, said)):
        term *= (inside.n - k) * (said - k) / ((k + 1.0) * (outside.n - said + k + 1.0))
        total += term
        if term < _NEGLIGIBLE * total:
            break
    return min(1.0, math.exp(log - _log_choose(n, said)) * total)


def p_more(inside: Count, outside: Count) -> float:
    """Fisher's (1935) one-sided exact p of "no larger share inside".

    Exact at every size: the score test's upper tail is too light where few are inside, which
    many comparisons at once would feel.
    """
    if inside.share > outside.share:
        return _tail(inside, outside)
    if not inside.said or outside.said == outside.n:
        return 1.0
    content = Count(inside.n - inside.said + 1, inside.n)
    return 1.0 - _tail(content, Count(outside.n - outside.said - 1, outside.n))
