"""Two models side by side on comments that neither learned from, with what chance can do.

A figure is a ratio of sums over comments: the share that is right, or F1, which is
2·right / (2·right + extra + missed). Its interval is a paired bootstrap over comments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.adapting.lesson import Seen
from nlp.adapting.read import Found

DRAWS = 2000
SEED = 20261122
LEAST_DIFFERENT = 10
"""Comments on which the two must differ before an interval means anything."""

Exact = NDArray[np.float64]
Readings = Mapping[int, Found]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of both models, 0 to 1, and the 95% interval of the difference.

    `what` is `sentiment`, `themes`, `urgency` or a theme's key; `all` says whether comments
    nobody corrected stand beside the corrected ones, taken as read rightly today.
    `differ` is on how many comments the two do; where they are too few, there is no interval.
    """

    what: str
    all: bool
    n: int
    today: float
    new: float
    differ: int
    low: float | None = None
    high: float | None = None

    @property
    def verdict(self) -> str:
        """`better`, `worse`, or `unclear`."""
        if self.low is None or self.high is None:
            return "unclear"
        return "better" if self.low > 0 else "worse" if self.high < 0 else "unclear"

    def to_json(self) -> dict[str, Any]:
        """The figure as it is kept."""
        return asdict(self)


def compared(
    lessons: Sequence[Seen],
    others: Sequence[Seen],
    today: Readings,
    new: Readings,
    share: Mapping[str, float],
    themes: Sequence[str],
) -> list[Figure]:
    """Every figure there are comments for; `themes` get one each, `share` weighs the others."""
    figures = []
    for name in ("sentiment", "themes", "urgency"):
        plain = _rows(name, lessons, today, new, 1.0)
        beside = _rows(name, others, today, new, share.get(name, 0.0))
        figures += [_figure(name, False, plain), _figure(name, True, [*plain, *beside])]
    for theme in themes:
        figures.append(_figure(theme, False, _rows(theme, lessons, today, new, 1.0)))
    return [figure for figure in figures if figure is not None]


def changed(others: Sequence[Seen], today: Readings, new: Readings) -> int:
    """How many comments that nobody corrected would be read differently."""
    return sum(today[one.key] != new[one.key] for one in others)


Row = tuple[float, tuple[float, float], tuple[float, float]]
"""A comment's weight, and numerator and denominator of each model."""


def _rows(
    name: str, comments: Sequence[Seen], today: Readings, new: Readings, weight: float
) -> list[Row]:
    rows = []
    for one in comments:
        if name == "sentiment" and one.lesson is not None and one.lesson.sentiment is None:
            continue
        pair = (today[one.key], new[one.key])
        first, second = (_part(name, read, one, pair[0]) for read in pair)
        if weight > 0:
            rows.append((weight, first, second))
    return rows


def _part(name: str, read: Found, one: Seen, today: Found) -> tuple[float, float]:
    """Numerator and denominator of one comment: right is what people left, else today's reading."""
    right = one.lesson or today
    if name == "sentiment":
        return float(read.sentiment == right.sentiment), 1.0
    if name == "urgency":
        return float(read.urgent == right.urgent), 1.0
    got, wanted = read.themes, right.themes
    if name != "themes":
        got, wanted = got & {name}, wanted & {name}
    return 2.0 * len(got & wanted), float(len(got) + len(wanted))


def _figure(name: str, every: bool, rows: Sequence[Row]) -> Figure | None:
    if not rows:
        return None
    weight = np.array([row[0] for row in rows])
    first, second = (np.array([row[k] for row in rows]) for k in (1, 2))
    ones = np.ones((1, len(rows)))
    today, new = (float(_ratio(ones * weight, part)[0]) for part in (first, second))
    differ = int((first != second).any(axis=1).sum())
    low = high = None
    if differ >= LEAST_DIFFERENT:
        low, high = _interval(weight, first, second)
    return Figure(name, every, len(rows), round(today, 4), round(new, 4), differ, low, high)


def _ratio(weights: Exact, parts: Exact) -> Exact:
    """Ratios of sums, one a row of weights; nothing over nothing is 0."""
    sums = weights @ parts
    found: Exact = sums[:, 0] / np.maximum(sums[:, 1], 1e-12)
    return found


def _interval(weight: Exact, first: Exact, second: Exact) -> tuple[float, float]:
    draw = np.random.default_rng(SEED)
    counts = draw.multinomial(len(weight), np.full(len(weight), 1 / len(weight)), DRAWS)
    differences = _ratio(counts * weight, second) - _ratio(counts * weight, first)
    low, high = np.quantile(differences, (0.025, 0.975))
    return round(float(low), 4), round(float(high), 4)
