"""The intervals of a list as one picture: names on the left, intervals on a common axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feedback.pages.charts.forest import Axis, Bar, Tick
from feedback.pages.charts.scales import wrapped

WIDTH = 1000
NAMES = 330
FIGURES = 230
HEAD = 54
STEP = 46
EDGE = 16


@dataclass(frozen=True)
class Line:
    """One interval and what it is called: `name` at `place`, its figure in words."""

    name: str
    place: str
    figure: str
    bar: Bar
    told: bool


@dataclass(frozen=True)
class Drawn:
    """A line where it stands."""

    y: float
    name: str
    place: str
    figure: str
    low: float
    value: float
    high: float
    told: bool


@dataclass(frozen=True)
class Forest:
    """The whole picture, in units of its own view box; `ticks` are (x, value)."""

    width: int
    height: int
    top: int
    bottom: int
    figures: int
    zero: float
    unit: str
    ticks: tuple[tuple[float, float], ...]
    lines: tuple[Drawn, ...]


def forest(lines: Sequence[Line], axis: Axis, unit: str) -> Forest:
    """Lay the picture out."""
    bottom = HEAD + STEP * len(lines)
    return Forest(
        width=WIDTH,
        height=bottom + EDGE,
        top=HEAD,
        bottom=bottom,
        figures=WIDTH - FIGURES + EDGE,
        zero=_x(axis.zero),
        unit=unit,
        ticks=tuple(_tick(tick) for tick in axis.ticks),
        lines=tuple(_drawn(line, place) for place, line in enumerate(lines)),
    )


def _tick(tick: Tick) -> tuple[float, float]:
    return _x(tick.at), tick.value


def _drawn(line: Line, place: int) -> Drawn:
    return Drawn(
        y=HEAD + STEP * (place + 0.5),
        name=" ".join(wrapped(line.name, 34, 1)),
        place=" ".join(wrapped(line.place, 40, 1)),
        figure=line.figure,
        low=_x(line.bar.low),
        value=_x(line.bar.value),
        high=_x(line.bar.high),
        told=line.told,
    )


def _x(percent: float) -> float:
    """From percent of the axis to the picture."""
    return round(NAMES + (WIDTH - NAMES - FIGURES) * percent / 100, 1)
