"""A control chart: each period's value on the range that was expected of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from feedback.pages.charts.scales import Scale, ticks

WIDTH, HEIGHT = 1000, 300
LEFT, RIGHT, TOP, BOTTOM = 16, 64, 18, 44
"""The scale stands right, beside the latest period: a phone shows that end first."""
_LABELS = 7


@dataclass(frozen=True)
class Period:
    """A period as the chart needs it; `low` and `high` None where nothing was expected."""

    label: str
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Step:
    """A drawn period: its place, its dot and its range; `kind` says whether it is outside."""

    x: float
    left: float
    width: float
    y: float | None
    top: float | None
    height: float | None
    kind: str
    label: str


@dataclass(frozen=True)
class Tick:
    """A mark of the scale."""

    y: float
    words: str


@dataclass(frozen=True)
class Chart:
    """The whole picture, in units of its own view box."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    steps: tuple[Step, ...]
    ticks: tuple[Tick, ...]
    line: str


def control_chart(
    periods: Sequence[Period], bad_above: bool, worded: Callable[[float], str]
) -> Chart | None:
    """Lay the picture out; None where no period has a value."""
    ends = [n for one in periods for n in (one.value, one.low, one.high) if n is not None]
    if not ends:
        return None
    low, high = min(ends), max(ends)
    room = (high - low) * 0.08 or 1.0
    low = 0.0 if 0.0 <= low <= 0.35 * high else low - room
    y = Scale(low, high + room, HEIGHT - BOTTOM, TOP)
    steps = tuple(_step(periods, place, y, bad_above) for place in range(len(periods)))
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        bottom=HEIGHT - BOTTOM,
        steps=steps,
        ticks=tuple(Tick(y(value), worded(value)) for value in ticks(low, high + room)),
        line=_line(steps),
    )


def _step(periods: Sequence[Period], place: int, y: Scale, bad_above: bool) -> Step:
    one, width = periods[place], (WIDTH - LEFT - RIGHT) / len(periods)
    left, every = LEFT + width * place, max(1, -(-len(periods) // _LABELS))
    # labels are counted from the last period, which is the one that matters
    labelled = (len(periods) - 1 - place) % every == 0
    ranged = one.low is not None and one.high is not None
    top = y(one.high) if one.high is not None else None
    return Step(
        x=round(left + width / 2, 1),
        left=round(left + width * 0.06, 1),
        width=round(width * 0.88, 1),
        y=y(one.value) if one.value is not None else None,
        top=top if ranged else None,
        height=round(max(2.0, y(one.low) - top), 1)
        if top is not None and one.low is not None
        else None,
        kind=_kind(one, bad_above),
        label=one.label if labelled else "",
    )


def _kind(one: Period, bad_above: bool) -> str:
    """Hollow where nothing was expected; coloured where the value lies outside its range."""
    if one.value is None or one.low is None or one.high is None:
        return "few"
    if one.low <= one.value <= one.high:
        return ""
    return "below" if (one.value > one.high) == bad_above else "above"


def _line(steps: Sequence[Step]) -> str:
    """The values joined; a period without one leaves a gap."""
    path, joined = [], False
    for step in steps:
        if step.y is not None:
            path.append(f"{'L' if joined else 'M'}{step.x},{step.y}")
        joined = step.y is not None
    return " ".join(path)
