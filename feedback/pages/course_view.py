"""A course in words, as a picture and as a table: what the score and theme pages share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedback.pages.charts.course import Value
from feedback.reporting.series_schema import PointOut
from surveys.schedule import zone_of

DASH = "\N{EN DASH}"
Shown = Callable[[float], str]


@dataclass(frozen=True)
class CourseRow:
    """One piece of a course in the table under its picture."""

    label: str
    n: int
    value: str
    interval: str
    line: str
    line_interval: str


def when(at: datetime, step: str, zone: str) -> str:
    """A piece's name: `12 Oct`, `week of 12 Oct`, `Oct 2026`, `2026`."""
    local = at.astimezone(zone_of(zone))
    if step == "year":
        return f"{local:%Y}"
    if step == "month":
        return f"{local:%b %Y}"
    return f"{local.day} {local:%b}"


def named(at: datetime, step: str, zone: str) -> str:
    """The same within a sentence."""
    text = when(at, step, zone)
    return f"the week of {text}" if step == "week" else text


def values(points: Sequence[PointOut], step: str, zone: str, unit: float = 1.0) -> list[Value]:
    """The pieces for the picture, times `unit`."""

    def times(figure: float | None) -> float | None:
        return None if figure is None else unit * figure

    return [
        Value(
            label=when(one.start, step, zone),
            n=one.n,
            value=times(one.value),
            low=times(one.low),
            high=times(one.high),
            small=one.small,
            line=times(one.line),
            line_low=times(one.line_low),
            line_high=times(one.line_high),
        )
        for one in points
    ]


def rows(points: Sequence[PointOut], step: str, zone: str, shown: Shown) -> list[CourseRow]:
    """The pieces for the table."""
    return [
        CourseRow(
            label=when(one.start, step, zone),
            n=one.n,
            value="too few" if one.value is None else shown(one.value),
            interval=_ends(one.low, one.high, shown),
            line=DASH if one.line is None else shown(one.line),
            line_interval=_ends(one.line_low, one.line_high, shown),
        )
        for one in points
    ]


def _ends(low: float | None, high: float | None, shown: Shown) -> str:
    return DASH if low is None or high is None else f"{shown(low)} to {shown(high)}"


def finding(name: str, points: Sequence[PointOut], step: str, zone: str, shown: Shown) -> str:
    """What the line says: a rise, a fall, or neither for sure."""
    drawn = [one for one in points if one.line is not None]
    if not drawn:
        return f"Too few answers to draw {name} over time."
    if len(drawn) == 1:
        return f"All answers are of one {step}; a course needs two."
    first, last = drawn[0], drawn[-1]
    ends = [_breath(one, step, zone, shown) for one in (first, last)]
    if _above(last, first):
        return f"{name} rose from {ends[0]} to {ends[1]}."
    if _above(first, last):
        return f"{name} fell from {ends[0]} to {ends[1]}."
    return f"{name} shows no sure rise or fall from end to end: {ends[0]} and {ends[1]}."


def _above(one: PointOut, other: PointOut) -> bool:
    low, high = one.line_low, other.line_high
    return low is not None and high is not None and low > high


def _breath(one: PointOut, step: str, zone: str, shown: Shown) -> str:
    ends = _ends(one.line_low, one.line_high, shown)
    return f"{shown(one.line or 0.0)} ({ends}) in {named(one.start, step, zone)}"
