"""Student's t: its distribution function and quantile, for any positive degrees of freedom.

The web process carries no scipy, and the degrees of freedom of an unequal-variances interval
are no whole numbers, so the distribution comes from the regularised incomplete beta function
by its continued fraction (Lentz's method; Abramowitz & Stegun 26.5.8 and 26.7.1).
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

_NORMAL = NormalDist()
_TINY = 1e-300


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, without its front factor."""
    c, d = 1.0, 1.0 / _apart(1.0 - (a + b) * x / (a + 1.0))
    result = d
    for m in range(1, 400):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 / _apart(1.0 + term * d)
            c = _apart(1.0 + term / c)
            result *= c * d
        if abs(c * d - 1.0) < 1e-14:
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
    """The t with P(T <= t) = `probability`, for 0.5 <= probability < 1 and df >= 1."""
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
