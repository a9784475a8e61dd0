"""Intervals on a common axis: each pain point's impact, for the eye to compare."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from feedback.pages.charts.scales import Scale, ticks

EDGE = 4.0


@dataclass(frozen=True)
class Bar:
    """One interval in percent of the chart's width; `zero` is where nothing is lost."""

    low: float
    value: float
    high: float
    zero: float


@dataclass(frozen=True)
class Tick:
    """A mark of the axis: where, in percent of the width, and its value."""

    at: float
    value: float


@dataclass(frozen=True)
class Axis:
    """The axis that all intervals of one metric share."""

    scale: Scale

    @property
    def zero(self) -> float:
        """Where zero lies, in percent of the width."""
        return self.scale(0.0)

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """A handful of round values."""
        values = ticks(self.scale.low, self.scale.high)
        return tuple(Tick(self.scale(value), value) for value in values)

    def bar(self, low: float, value: float, high: float) -> Bar:
        """One interval on this axis."""
        return Bar(self.scale(low), self.scale(value), self.scale(high), self.zero)


def axis(intervals: Iterable[tuple[float, float]]) -> Axis:
    """An axis that holds every interval, and zero."""
    ends = [end for interval in intervals for end in interval]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    if low == high:
        low, high = -1.0, 1.0
    return Axis(Scale(low, high, EDGE, 100 - EDGE))
