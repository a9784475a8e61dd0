"""What a theme costs the score: leave-one-theme-out, with an interval that holds in small cells.

impact = score(all) - score(all without the theme) = p·d, where p is the share of responses
that speak badly of the theme and d how far their mean lies from everybody else's mean. The
delta method's interval is too short in small cells (and empty where all of them agree), so
the interval of p·d is put together from those of its three parts: the cell's score, the
others' score, and p (variance recovery; Newcombe 1998, Zou & Donner 2008).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from feedback.statistics import student
from feedback.statistics.intervals import UPPER, Interval, bounded_mean, wilson
from feedback.statistics.metrics import MIN_SHOWN, POINTS, SMALL_CELL, Metric
from feedback.statistics.sums import Moments


@dataclass(frozen=True, slots=True)
class Impact:
    """Points of the metric that a theme costs (below 0), with a 95% interval.

    `n` counts the scored responses that mention it; `p` is the one-sided chance to see them
    score this much lower if the theme cost nothing. None: too few, or nothing to compare with.
    """

    metric: Metric
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None

    @property
    def small(self) -> bool:
        """Whether the cell is small, and to be read with care."""
        return self.n < SMALL_CELL


def leave_out(cell: Moments, whole: Moments) -> float:
    """score(all) - score(all without the cell) = n_t(S_t - S)/(n - n_t); the rest not empty."""
    return cell.n * (cell.mean - whole.mean) / (whole.n - cell.n)


def group_interval(metric: Metric, group: Moments) -> Interval:
    """The 95% interval of a group's score: Wilson for a share, else a bounded mean."""
    least, most = POINTS[metric]
    if metric is not Metric.CSAT:
        return bounded_mean(group, least, most)
    low, high = wilson(group.total / most, group.n)
    return most * low, most * high


def difference(metric: Metric, cell: Moments, rest: Moments) -> Interval:
    """The 95% interval of the cell's score less the rest's (Newcombe's hybrid method)."""
    (cell_low, cell_high), (rest_low, rest_high) = (
        group_interval(metric, part) for part in (cell, rest)
    )
    value = cell.mean - rest.mean
    return (
        value - math.hypot(cell.mean - cell_low, rest_high - rest.mean),
        value + math.hypot(cell_high - cell.mean, rest.mean - rest_low),
    )


def product(share: float, shares: Interval, value: float, values: Interval) -> Interval:
    """The 95% interval of share times value from the intervals of both.

    Each limit takes the margins on its own side, so that skewness is kept.
    """
    below, above = share - shares[0], shares[1] - share
    down, up = (above, below) if value < 0 else (below, above)
    return (
        share * value - math.hypot(value * down, share * (value - values[0])),
        share * value + math.hypot(value * up, share * (values[1] - value)),
    )


def p_below(value: float, interval: Interval, degrees: float) -> float:
    """The one-sided p-value of "not below zero" that agrees with the 95% interval.

    The margin towards zero counts as so many standard errors as it spans in Student's t, whose
    tail then gives p: below 0.025 just where the interval lies below zero.
    """
    margin = interval[1] - value if value < 0 else value - interval[0]
    if margin <= 0.0:
        return 1.0
    return student.cdf(student.quantile(UPPER, degrees) * value / margin, degrees)


def impact(metric: Metric, cell: Moments, whole: Moments) -> Impact:
    """The impact on `metric` of the responses in `cell`, which are part of `whole`."""
    rest = whole - cell
    if cell.n < MIN_SHOWN or rest.n < MIN_SHOWN:
        return Impact(metric, cell.n)
    gap, gaps = cell.mean - rest.mean, difference(metric, cell, rest)
    share = cell.n / whole.n
    low, high = product(share, wilson(cell.n, whole.n), gap, gaps)
    value = leave_out(cell, whole)
    p = p_below(gap, gaps, float(cell.n))
    return Impact(metric, cell.n, value, min(low, value), max(high, value), p)
