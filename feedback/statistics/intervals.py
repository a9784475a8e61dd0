"""95% intervals of shares, means and NPS; sources and measured coverage in docs/statistics.md."""

from __future__ import annotations

import math
from statistics import NormalDist

from feedback.statistics.student import quantile
from feedback.statistics.sums import Moments

CONFIDENCE = 0.95
UPPER = 0.5 + CONFIDENCE / 2.0
Z = NormalDist().inv_cdf(UPPER)
END_WEIGHT = 0.25

Interval = tuple[float, float]


def around(value: float, low: float, high: float, least: float, most: float) -> Interval:
    """The interval stretched to hold its own estimate and cut to what is possible."""
    return max(least, min(low, value)), min(most, max(high, value))


def wilson(count: float, n: int) -> Interval:
    """Wilson's (1927) score interval of a share, as shares; n must be at least 1."""
    share = min(1.0, max(0.0, count / n))
    spread = 1.0 + Z * Z / n
    centre = (share + Z * Z / (2.0 * n)) / spread
    half = Z / spread * math.sqrt(share * (1.0 - share) / n + Z * Z / (4.0 * n * n))
    return around(share, centre - half, centre + half, 0.0, 1.0)


def bounded_mean(numbers: Moments, least: float, most: float) -> Interval:
    """Student's t interval of a mean on a bounded scale; n must be at least 1.

    A quarter of an answer is added at each end of the scale first: answers that all agree
    then still leave a width, and a skewed scale is covered from ten answers on.
    """
    n, mean, deviations = numbers.with_ends(least, most, END_WEIGHT)
    degrees = max(1.0, n - 1.0)
    half = quantile(UPPER, degrees) * math.sqrt(deviations / degrees / n)
    return around(numbers.mean, mean - half, mean + half, least, most)


def spread(numbers: Moments, least: float, most: float) -> float:
    """The variance on a bounded scale, kept above 0 by half an answer at each end."""
    n, _, deviations = numbers.with_ends(least, most, 0.5)
    return deviations / n


def net_promoter(promoters: int, detractors: int, n: int) -> Interval:
    """The adjusted Wald interval of NPS in points; n must be at least 1.

    Three answers are added, three quarters to the promoters and three quarters to the
    detractors, and the difference of two shares of one sample gets its variance.
    """
    whole = n + 3.0
    up, down = (promoters + 0.75) / whole, (detractors + 0.75) / whole
    half = Z * math.sqrt(max(0.0, up + down - (up - down) ** 2) / whole)
    value = 100.0 * (promoters - detractors) / n
    centre = 100.0 * (up - down)
    return around(value, centre - 100.0 * half, centre + 100.0 * half, -100.0, 100.0)
