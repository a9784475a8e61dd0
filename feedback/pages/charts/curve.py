"""The emotion curve: stages from left to right, the mean sentiment with its band, and pain."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby

from feedback.pages.charts.curve_parts import (
    Curve,
    Drop,
    Mark,
    Pain,
    Quote,
    StageValue,
    Words,
)
from feedback.pages.charts.scales import Scale, smooth, wrapped

WIDTH = 1000
LEFT, RIGHT = 86, 16
HEAD, PLOT, PAINS = 66, 210, 118
GAP = 14
LINE = 18
RADIUS = 20.0
STEP = 0.25


def curve(
    stages: Sequence[StageValue],
    pains: Sequence[Pain] = (),
    best: Quote | None = None,
    worst: Quote | None = None,
) -> Curve:
    """Lay the picture out; lanes that hold nothing take no room."""
    over, under = _lines(best), _lines(worst)
    top = HEAD + _lane(over) + GAP
    bottom = top + PLOT
    reach = _reach(stages)
    y = Scale(-reach, reach, bottom, top)
    marks = tuple(_mark(stages, place, y) for place in range(len(stages)))
    floor = bottom + (PAINS if pains else 0)
    return Curve(
        width=WIDTH,
        height=floor + _lane(under) + GAP,
        left=LEFT,
        right=WIDTH - RIGHT,
        reach=reach,
        top=top,
        zero=y(0.0),
        bottom=bottom,
        marks=marks,
        lines=tuple(smooth([(m.x, m.y or 0.0) for m in run]) for run in _runs(marks)),
        bands=tuple(_band(run) for run in _runs(marks)),
        drops=tuple(_drops(pains, marks, bottom)),
        best=_words(best, over, marks, HEAD + LINE + GAP),
        worst=_words(worst, under, marks, floor + LINE),
    )


def _reach(stages: Sequence[StageValue]) -> float:
    ends = [abs(end) for one in stages for end in (one.low, one.high) if end is not None]
    return min(1.0, STEP * math.ceil(max([STEP, *ends]) / STEP - 1e-9))


def _column(count: int, place: int) -> float:
    width = (WIDTH - LEFT - RIGHT) / max(count, 1)
    return round(LEFT + width * (place + 0.5), 1)


def _mark(stages: Sequence[StageValue], place: int, y: Scale) -> Mark:
    one = stages[place]
    letters = max(9, round((WIDTH - LEFT - RIGHT) / len(stages) / 8.2))
    shown = one.mean is not None
    return Mark(
        x=_column(len(stages), place),
        name=wrapped(one.name, letters, 1),
        score=one.score,
        n=one.n,
        y=y(one.mean) if one.mean is not None else None,
        low=y(one.low) if shown and one.low is not None else None,
        high=y(one.high) if shown and one.high is not None else None,
        kind=_kind(one),
    )


def _kind(one: StageValue) -> str:
    """Hollow where the sample is small; coloured only where zero lies outside the interval."""
    if one.small or one.low is None or one.high is None:
        return "few"
    return "below" if one.high < 0 else "above" if one.low > 0 else ""


def _runs(marks: Sequence[Mark]) -> Iterator[list[Mark]]:
    """The unbroken stretches; the curve is not drawn across a stage that nobody spoke of."""
    for drawn, run in groupby(marks, key=lambda mark: mark.y is not None):
        if drawn:
            yield list(run)


def _band(run: Sequence[Mark]) -> str:
    upper = smooth([(mark.x, mark.high or 0.0) for mark in run])
    lower = smooth([(mark.x, mark.low or 0.0) for mark in reversed(run)])
    return f"{upper} L{lower[1:]} Z"


def _drops(pains: Sequence[Pain], marks: Sequence[Mark], bottom: float) -> Iterator[Drop]:
    """At most two a stage, beside each other, their area as large as what they cost."""
    largest = max((pain.cost for pain in pains), default=1.0) or 1.0
    width = (WIDTH - LEFT - RIGHT) / max(len(marks), 1)
    for stage, group in groupby(sorted(pains, key=lambda one: one.stage), lambda one: one.stage):
        here = list(group)[:2]
        for place, pain in enumerate(here):
            shift = (place - (len(here) - 1) / 2) * width / 2
            room = width if len(here) == 1 else width / 2
            mark = marks[stage]
            yield Drop(
                x=round(mark.x + shift, 1),
                from_x=mark.x,
                top=bottom if mark.y is None else mark.y,
                y=bottom + RADIUS + GAP,
                radius=round(max(4.0, RADIUS * math.sqrt(pain.cost / largest)), 1),
                lines=wrapped(pain.name, max(8, round(room / 8.4)), 2),
                label=pain.label,
                certain=pain.certain,
            )


def _lines(quote: Quote | None) -> tuple[str, ...]:
    if quote is None:
        return ()
    lines = wrapped(f"“{quote.text}”", 46, 3)
    return lines if lines[-1].endswith("”") else (*lines[:-1], f"{lines[-1]}”")


def _lane(lines: Sequence[str]) -> int:
    """The room that a quote takes; none when there is none."""
    return LINE * len(lines) + GAP if lines else 0


def _words(
    quote: Quote | None, lines: tuple[str, ...], marks: Sequence[Mark], y: float
) -> Words | None:
    """A quote beside its stage, aligned so that it stays inside the picture."""
    if quote is None or marks[quote.stage].y is None:
        return None
    mark = marks[quote.stage]
    anchor = "start" if mark.x < WIDTH * 0.35 else "end" if mark.x > WIDTH * 0.65 else "middle"
    last = y + LINE * (len(lines) - 1)
    return Words(mark.x, anchor, y, lines, line_from=last + 6, line_to=mark.y or 0.0)
