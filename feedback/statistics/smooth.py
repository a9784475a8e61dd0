"""A trend line through days or weeks: each with its interval, quiet ones bridged.

The local-level model (Harvey 1989; Durbin & Koopman 2012, chapter 2): a period's mean is the
level plus noise of variance s²/n, and the level moves by a random step of standard deviation τ
each period. The Kalman filter and smoother run for a whole grid of τ at once. The likeliest τ
alone gives intervals that are too short (it is often 0, where the level would never have
moved), so line and interval are averaged over τ, each weighted by its likelihood.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.statistics import student
from feedback.statistics.intervals import UPPER, around, spread
from feedback.statistics.metrics import MIN_SHOWN
from feedback.statistics.sums import Moments

LARGEST_STEP = 0.5
"""The bound of τ, as a part of the scale's length."""

USUAL_STEP = 0.05
"""The scale of the half-Cauchy prior of τ (Gelman 2006), as a part of the scale's length."""

_NODES = 60

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Smoothed:
    """One period: its answers, their own mean, and the line with its 95% interval.

    `mean` is None from fewer than `MIN_SHOWN` answers; the line is None where the whole
    series has too few. All are in the unit of the answers.
    """

    n: int
    mean: float | None
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """The line through a series of `n` answers.

    `step` is the likeliest standard deviation of the level's move from a period to the next;
    None where fewer than two periods have answers.
    """

    n: int
    points: tuple[Smoothed, ...]
    step: float | None = None


@dataclass(frozen=True, slots=True)
class _Series:
    """Counts, means (0 without answers) and the variance of one answer around its level."""

    counts: Sequence[int]
    means: Sequence[float]
    variance: float

    @property
    def first(self) -> int:
        """The first period with an answer."""
        return next(place for place, n in enumerate(self.counts) if n)


def _series(periods: Sequence[Moments], whole: Moments, least: float, most: float) -> _Series:
    """The noise is pooled within periods, with the whole's spread for one degree of freedom."""
    inside = sum(period.deviations for period in periods)
    degrees = sum(period.n - 1 for period in periods if period.n) + 1.0
    variance = (inside + spread(whole, least, most)) / degrees
    return _Series([part.n for part in periods], [part.mean for part in periods], variance)


def _filter(series: _Series, steps: Vector) -> tuple[Vector, Vector, Vector]:
    """Levels and their variances (periods x steps) from the past, and each step's likelihood.

    It starts from the first answered period, which is the exact diffuse start.
    """
    shape = len(series.counts), len(steps)
    levels, variances, logs = np.zeros(shape), np.zeros(shape), np.zeros(len(steps))
    first = series.first
    level = np.full(len(steps), series.means[first])
    variance = np.full(len(steps), series.variance / series.counts[first])
    levels[first], variances[first] = level, variance
    for place in range(first + 1, len(series.counts)):
        variance = variance + steps**2
        if series.counts[place]:
            total = variance + series.variance / series.counts[place]
            error = series.means[place] - level
            level = level + variance / total * error
            logs -= 0.5 * (np.log(total) + error**2 / total)
            variance = variance - variance**2 / total
        levels[place], variances[place] = level, variance
    return levels, variances, logs


def _smooth(series: _Series, steps: Vector) -> tuple[Vector, Vector, Vector]:
    """Levels and variances from past and future (Rauch, Tung & Striebel 1965), and likelihoods."""
    levels, variances, logs = _filter(series, steps)
    first = series.first
    for place in range(len(series.counts) - 2, first - 1, -1):
        ahead = variances[place] + steps**2
        gain = variances[place] / ahead
        levels[place] += gain * (levels[place + 1] - levels[place])
        variances[place] += gain**2 * (variances[place + 1] - ahead)
    for place in range(first - 1, -1, -1):
        levels[place] = levels[place + 1]
        variances[place] = variances[place + 1] + steps**2
    return levels, variances, logs


def _grid(length: float) -> Vector:
    """Steps to average over: none, and from a hundred-thousandth of the scale to its half."""
    return np.append(0.0, LARGEST_STEP * length * np.geomspace(2e-5, 1.0, _NODES))


def _weights(logs: Vector, steps: Vector, length: float) -> Vector:
    """The share of each step in the average: likelihood times prior times the step's width."""
    prior = np.gradient(steps) / (1.0 + (steps / (USUAL_STEP * length)) ** 2)
    weights = np.exp(logs - logs.max()) * prior
    return np.asarray(weights / weights.sum())


def likeliest_step(periods: Sequence[Moments], least: float, most: float) -> float | None:
    """The maximum likelihood estimate of τ, from 0 to half the scale; None if nothing tells it."""
    if sum(1 for period in periods if period.n) < 2:
        return None
    series = _series(periods, sum(periods, Moments()), least, most)
    steps = _grid(most - least)
    for _ in range(3):
        best = int(np.argmax(_filter(series, steps)[2]))
        near = max(0, best - 1), min(len(steps) - 1, best + 1)
        steps = np.linspace(steps[near[0]], steps[near[1]], _NODES + 1)
    return float(steps[np.argmax(_filter(series, steps)[2])])


def _own(period: Moments) -> float | None:
    return period.mean if period.n >= MIN_SHOWN else None


def smooth(periods: Sequence[Moments], least: float, most: float) -> Line:
    """The line through consecutive periods of answers on the scale from `least` to `most`.

    A period without answers is an empty `Moments()`. Values and ends stay on the scale.
    """
    whole = sum(periods, Moments())
    if whole.n < MIN_SHOWN:
        return Line(whole.n, tuple(Smoothed(part.n, _own(part)) for part in periods))
    series = _series(periods, whole, least, most)
    steps = _grid(most - least)
    levels, variances, logs = _smooth(series, steps)
    weights = _weights(logs, steps, most - least)
    line = levels @ weights
    errors = np.sqrt(variances @ weights + (levels - line[:, None]) ** 2 @ weights)
    reach = student.quantile(UPPER, whole.n - 1.0)
    points = []
    for period, centre, error in zip(periods, line.tolist(), errors.tolist(), strict=True):
        value = min(most, max(least, centre))
        low, high = around(value, centre - reach * error, centre + reach * error, least, most)
        points.append(Smoothed(period.n, _own(period), value, low, high))
    return Line(whole.n, tuple(points), likeliest_step(periods, least, most))
