"""95% intervals over columns; formulas and sources as in `statistics.intervals`."""

from __future__ import annotations

import numpy as np

from feedback.statistics.columns.moments import Column, MomentColumns
from feedback.statistics.columns.student import quantiles
from feedback.statistics.intervals import END_WEIGHT, UPPER, Z

Limits = tuple[Column, Column]


def arounds(value: Column, low: Column, high: Column, least: float, most: float) -> Limits:
    """Intervals stretched to hold their own estimates and cut to what is possible."""
    return np.maximum(least, np.minimum(low, value)), np.minimum(most, np.maximum(high, value))


def wilsons(count: Column, n: Column) -> Limits:
    """Wilson's score intervals of shares; each n must be at least 1."""
    share = np.clip(count / n, 0.0, 1.0)
    spread = 1.0 + Z * Z / n
    centre = (share + Z * Z / (2.0 * n)) / spread
    half = Z / spread * np.sqrt(share * (1.0 - share) / n + Z * Z / (4.0 * n * n))
    return arounds(share, centre - half, centre + half, 0.0, 1.0)


def bounded_means(numbers: MomentColumns, least: float, most: float) -> Limits:
    """Student's t intervals of means on a bounded scale; each n must be at least 1."""
    n = numbers.n + 2.0 * END_WEIGHT
    mean = (numbers.total + END_WEIGHT * (least + most)) / n
    squares = numbers.squares + END_WEIGHT * (least * least + most * most)
    degrees = np.maximum(1.0, n - 1.0)
    deviations = np.maximum(0.0, squares - n * mean * mean)
    half = quantiles(UPPER, degrees) * np.sqrt(deviations / degrees / n)
    return arounds(numbers.mean, mean - half, mean + half, least, most)


def wideneds(wider: Column, value: Column, usual: Limits, least: float, most: float) -> Limits:
    """Usual intervals whose margins are stretched, and cut to the scale."""
    low, high = value - wider * (value - usual[0]), value + wider * (usual[1] - value)
    return arounds(value, low, high, least, most)
