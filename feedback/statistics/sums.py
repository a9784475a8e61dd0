"""What the statistics are computed from: sums, which add up over touchpoints, days and shards.

Nothing here keeps a response. Two `JourneySums` of disjoint responses added together are the
sums of all of them, so a report may be filled from rows or from additive tables alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from feedback.statistics.metrics import Metric


@dataclass(frozen=True, slots=True)
class Moments:
    """Count, sum and sum of squares of some numbers."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    @classmethod
    def of(cls, values: Iterable[float]) -> Moments:
        """The moments of these numbers."""
        listed = list(values)
        return cls(len(listed), sum(listed), sum(value * value for value in listed))

    def __add__(self, other: Moments) -> Moments:
        return Moments(self.n + other.n, self.total + other.total, self.squares + other.squares)

    def __sub__(self, other: Moments) -> Moments:
        return Moments(self.n - other.n, self.total - other.total, self.squares - other.squares)

    @property
    def mean(self) -> float:
        """The mean; of none it is 0, so look at `n` first."""
        return self.total / self.n if self.n else 0.0

    @property
    def deviations(self) -> float:
        """The sum of squared deviations from the mean, never below 0 for rounding."""
        return max(0.0, self.squares - self.n * self.mean**2)

    def with_ends(self, low: float, high: float, weight: float) -> tuple[float, float, float]:
        """Count, mean and squared deviations with `weight` of an answer added at each end."""
        n = self.n + 2.0 * weight
        mean = (self.total + weight * (low + high)) / n
        squares = self.squares + weight * (low * low + high * high)
        return n, mean, max(0.0, squares - n * mean * mean)


@dataclass(frozen=True, slots=True)
class Tally:
    """Scores of one metric: how many in the top class, how many in the bottom one, the answers.

    `top` counts promoters, satisfied or easy; `bottom` counts detractors (0 outside NPS);
    `answers` are on the metric's scale in `metrics.VALUES`, higher is better.
    """

    top: int = 0
    bottom: int = 0
    answers: Moments = Moments()

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.top + other.top, self.bottom + other.bottom, self.answers + other.answers)


class Cell(NamedTuple):
    """A theme at a touchpoint, both by key."""

    touchpoint: str
    theme: str


@dataclass(frozen=True, slots=True)
class CellSums:
    """What was said of one theme at one touchpoint.

    `mentions` and `negative` count mentions; `voices` counts the responses (and comments that
    belong to no response) with a negative one; `points` are those responses' points.
    """

    mentions: int = 0
    negative: int = 0
    voices: int = 0
    points: Mapping[Metric, Moments] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TouchpointSums:
    """Everything heard at one touchpoint.

    `voices` counts responses and comments that belong to none; `responses` the former alone;
    `points` hold one number a response and metric; `tallies` one a score; `sentiment` one a
    read comment, on -1 to 1; `emotions` count the read comments that show each.
    """

    voices: int = 0
    responses: int = 0
    points: Mapping[Metric, Moments] = field(default_factory=dict)
    tallies: Mapping[Metric, Tally] = field(default_factory=dict)
    sentiment: Moments = Moments()
    emotions: Mapping[str, int] = field(default_factory=dict)


class Pair(NamedTuple):
    """Two themes said together at one touchpoint, in key order, among responses with a score."""

    touchpoint: str
    metric: Metric
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class JourneySums:
    """The sums of a journey in one period.

    `pairs` count the responses that speak badly of both themes: the part of the theme
    indicators' XᵀX off its diagonal, which the cells' counts don't hold.
    """

    touchpoints: Mapping[str, TouchpointSums] = field(default_factory=dict)
    cells: Mapping[Cell, CellSums] = field(default_factory=dict)
    pairs: Mapping[Pair, int] = field(default_factory=dict)

    @property
    def voices(self) -> int:
        """How many responses, and comments that belong to none."""
        return sum(part.voices for part in self.touchpoints.values())

    def points(self, metric: Metric) -> Moments:
        """The points of every response of the journey that has a score of this metric."""
        parts = (part.points.get(metric, Moments()) for part in self.touchpoints.values())
        return sum(parts, Moments())

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics that have scores, the most answered first."""
        counts = {metric: self.points(metric).n for metric in Metric}
        answered = [metric for metric in Metric if counts[metric]]
        return tuple(sorted(answered, key=lambda metric: -counts[metric]))
