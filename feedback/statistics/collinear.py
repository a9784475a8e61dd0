"""Which columns of a regression are said together so often that their effects can't be parted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feedback.statistics.gram import Matrix
from feedback.statistics.intervals import Interval

MOST_INFLATION = 10.0
"""A variance inflation from here on is too much (Marquardt 1970)."""

MOST_CORRELATION = 0.9
"""Two estimates whose correlation reaches this, either way, are one estimate told twice."""

_TOLERANCE = 1e-4
"""Added to the correlations' diagonal, so that copies have a large inflation, not no end."""


@dataclass(frozen=True, slots=True)
class Dependence:
    """How k columns depend on one another.

    `inflation` is how many times the company of the others multiplies the variance of a
    coefficient; None for a column that never varies. `correlations` (k, k) are those of the
    unpenalised coefficients.
    """

    inflation: Sequence[float | None]
    correlations: Matrix


def dependence(square: Matrix) -> Dependence:
    """The dependence of columns from their centred XᵀX, (k, k)."""
    size = np.sqrt(np.clip(np.diag(square), 0.0, None))
    varies = size > 1e-6
    scale = np.where(varies, size, 1.0)
    shares = np.where(np.outer(varies, varies), square / np.outer(scale, scale), 0.0)
    np.fill_diagonal(shares, 1.0 + _TOLERANCE)
    inverse = np.linalg.inv(shares)
    inflation = np.diag(inverse)
    found = [max(1.0, float(v)) if ok else None for v, ok in zip(inflation, varies, strict=True)]
    return Dependence(found, inverse / np.sqrt(np.outer(inflation, inflation)))


def _overlap(one: Interval, other: Interval) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _partners(place: int, found: Dependence) -> set[int]:
    """Those whose estimate goes with this one's; if it is inflated, at least the nearest."""
    close = np.abs(found.correlations[place])
    close[place] = 0.0
    partners = set(np.flatnonzero(close >= MOST_CORRELATION).tolist())
    if (found.inflation[place] or 0.0) >= MOST_INFLATION:
        partners.add(int(np.argmax(close)))
    return partners


def tangled(found: Dependence, intervals: Sequence[Interval | None]) -> list[tuple[int, ...]]:
    """The places of columns that can't be told apart, group by group.

    Their estimates depend on each other too much and their intervals overlap; columns without
    an interval are in no group.
    """
    known = {place: interval for place, interval in enumerate(intervals) if interval}
    group = {place: place for place in known}
    for place, interval in known.items():
        for partner in sorted(_partners(place, found) & known.keys()):
            if _overlap(interval, known[partner]):
                old, new = group[partner], group[place]
                group = {key: new if label == old else label for key, label in group.items()}
    members = [tuple(p for p in group if group[p] == label) for label in set(group.values())]
    return sorted(places for places in members if len(places) > 1)
