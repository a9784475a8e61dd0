"""Student's t: its distribution function and quantile, for any positive degrees of freedom.

The web process carries no scipy, and the degrees of freedom of an unequal-variances interval
are no whole numbers, so the distribution comes from the regularised incomplete beta function
by its continued fraction (Lentz's method; Abramowitz & Stegun 26.5.8 and 26.7.1).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist

_NORMAL = NormalDist()
_TINY = 1e-300
_DEGREE = 20


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, without its front factor."""
    c, d = 1.0, 1.0 / _apart(1.0 - (a + b) * x / (a + 1.0))
    result = d
    for m in range(1, 400):
        at = a + 2 * m
        # both steps written out: reports spend more time here than anywhere else
        term = m * (b - m) * x / ((at - 1.0) * at)
        d, c = 1.0 + term * d, 1.0 + term / c
        if abs(d) < _TINY or abs(c) < _TINY:
            d, c = _apart(d), _apart(c)
        d = 1.0 / d
        result *= c * d
        term = -(a + m) * (a + b + m) * x / (at * (at + 1.0))
        d, c = 1.0 + term * d, 1.0 + term / c
        if abs(d) < _TINY or abs(c) < _TINY:
            d, c = _apart(d), _apart(c)
        d = 1.0 / d
        step = c * d
        result *= step
        if abs(step - 1.0) < 1e-14:
            break
    return result


def _apart(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), for a, b > 0 and 0 <= x <= 1."""
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - incomplete_beta(b, a, 1.0 - x)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front += a * math.log(x) + b * math.log1p(-x)
    return math.exp(front) * _fraction(a, b, x) / a


def cdf(t: float, df: float) -> float:
    """P(T <= t) for Student's t with `df` degrees of freedom; normal from a million on."""
    if df >= 1e6:
        return _NORMAL.cdf(t)
    tail = 0.5 * incomplete_beta(df / 2.0, 0.5, df / (df + t * t))
    return tail if t < 0 else 1.0 - tail


def _density(t: float, df: float) -> float:
    front = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - 0.5 * math.log(df * math.pi)
    return math.exp(front - (df + 1) / 2 * math.log1p(t * t / df))


@lru_cache(maxsize=4096)
def quantile(probability: float, df: float) -> float:
    """The t with P(T <= t) = `probability`, for 0.5 <= probability < 1 and df >= 1.

    It is smooth in 1/df, so a polynomial through a few exact ones gives all others to nine
    digits (Chebyshev interpolation; Trefethen 2013, ch. 8).
    """
    x = 2.0 / df - 1.0
    last, before = 0.0, 0.0
    for coefficient in curve(probability):
        last, before = coefficient + 2.0 * x * last - before, last
    return last - x * before


@lru_cache(maxsize=64)
def curve(probability: float) -> Sequence[float]:
    """The Chebyshev coefficients of the quantile over 2/df - 1, the highest first."""
    angles = [(place + 0.5) * math.pi / (_DEGREE + 1) for place in range(_DEGREE + 1)]
    values = [solved(probability, 2.0 / (math.cos(angle) + 1.0)) for angle in angles]
    found = [
        sum(value * math.cos(order * angle) for value, angle in zip(values, angles, strict=True))
        * (2.0 if order else 1.0)
        / (_DEGREE + 1)
        for order in range(_DEGREE + 1)
    ]
    return found[::-1]


def solved(probability: float, df: float) -> float:
    """The same quantile by Newton's method on the distribution function."""
    z = _NORMAL.inv_cdf(probability)
    if df >= 1e6:
        return z
    low, high = z, z
    while cdf(high, df) < probability:
        low, high = high, 2.0 * high + 1.0
    t = min(high, z + (z**3 + z) / (4.0 * df))
    for _ in range(60):
        gap = cdf(t, df) - probability
        low, high = (low, t) if gap > 0 else (t, high)
        step = t - gap / _density(t, df)
        t, before = (step if low < step < high else (low + high) / 2.0), t
        if abs(t - before) < 1e-10:
            break
    return t
