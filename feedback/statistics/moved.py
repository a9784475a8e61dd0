"""Whether a score moved between two periods, from its two estimates and their intervals."""

from __future__ import annotations

import math

from feedback.statistics.impact import p_below
from feedback.statistics.scores import Estimate
from feedback.statistics.trend import Trend


def moved(before: Estimate, now: Estimate) -> Trend:
    """The same score of two independent periods; the interval is of now less before.

    It is put together from the two intervals, each margin on its own side (variance recovery:
    Newcombe 1998, Zou & Donner 2008), so it suits NPS, shares and means alike and agrees with
    what is shown of each. p is two-sided: below 0.05 just where the interval leaves 0 out.
    """
    if before.value is None or before.low is None or before.high is None:
        return Trend(None, now.value)
    if now.value is None or now.low is None or now.high is None:
        return Trend(before.value, None)
    value = now.value - before.value
    low = value - math.hypot(now.value - now.low, before.high - before.value)
    high = value + math.hypot(now.high - now.value, before.value - before.low)
    down = (value, (low, high)) if value < 0 else (-value, (-high, -low))
    p = min(1.0, 2.0 * p_below(*down, float(min(before.n, now.n))))
    return Trend(before.value, now.value, low, high, p)
