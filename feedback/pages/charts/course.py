"""A course over time: a line with its band, and each piece's own figure with its whisker.

Places across are in percent of the width and places down in pixels, so that a drawing fills
any width without its words growing or shrinking; paths run over 1000 units of width.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from feedback.pages.charts.scales import Scale, band, decimals, nice_step, smooth, ticks

HEIGHT, TOP, BOTTOM = 260, 26, 226
WIDTH = 1000
EDGE = 3.0
LABELS = 5
APART = 18.0


@dataclass(frozen=True)
class Value:
    """One piece: its own figure and the line's, each None where too few answered."""

    label: str
    n: int
    value: float | None
    low: float | None
    high: float | None
    small: bool
    line: float | None
    line_low: float | None
    line_high: float | None


@dataclass(frozen=True)
class Series:
    """A named course; `kind` is its class in the style sheet."""

    name: str
    kind: str
    values: Sequence[Value]


@dataclass(frozen=True)
class Mark:
    """A piece's dot and whisker; hollow where the sample is small."""

    x: float
    y: float
    low: float
    high: float
    hollow: bool


@dataclass(frozen=True)
class Label:
    """Words at a place; `anchor` as SVG means it."""

    x: float
    y: float
    text: str
    anchor: str


@dataclass(frozen=True)
class Drawn:
    """One series drawn."""

    name: str
    kind: str
    band: str
    line: str
    marks: tuple[Mark, ...]
    label: Label | None


@dataclass(frozen=True)
class Level:
    """A straight line across: a tick, a target."""

    y: float
    value: float


@dataclass(frozen=True)
class Course:
    """The whole picture; the values of its levels need so many `decimals`."""

    height: int
    width: int
    bottom: float
    levels: tuple[Level, ...]
    decimals: int
    target: Level | None
    series: tuple[Drawn, ...]
    labels: tuple[Label, ...]


def course(
    series: Sequence[Series], ends: tuple[float, float], target: float | None = None
) -> Course:
    """Lay courses with the same pieces out; `ends` are those of their scale."""
    low, high = _reach(series, ends, target)
    y = Scale(low, high, BOTTOM, TOP)
    pieces = series[0].values if series else ()
    drawn = [_drawn(one, y, len(series) > 1) for one in series]
    levels = ticks(low, high)
    return Course(
        height=HEIGHT,
        width=WIDTH,
        bottom=BOTTOM,
        levels=tuple(Level(y(value), value) for value in levels),
        decimals=decimals(levels),
        target=None if target is None else Level(y(target), target),
        series=tuple(_apart(drawn)),
        labels=tuple(_labels([piece.label for piece in pieces])),
    )


def _reach(
    series: Sequence[Series], ends: tuple[float, float], target: float | None
) -> tuple[float, float]:
    """What the axis must hold: bands, and figures with whiskers, but those of a handful."""
    shown = [
        figure
        for one in series
        for piece in one.values
        for figure in (piece.line_low, piece.line_high, *_figures(piece))
        if figure is not None
    ]
    shown += [] if target is None else [target]
    if not shown:
        return ends
    low, high = min(shown), max(shown)
    step = nice_step(max(high - low, (ends[1] - ends[0]) / 20), 4)
    below = max(ends[0], (low // step) * step)
    above = min(ends[1], -(-high // step) * step)
    return (below, above) if below < above else (max(ends[0], below - step), below + step)


def _figures(piece: Value) -> tuple[float | None, ...]:
    return () if piece.small else (piece.value, piece.low, piece.high)


def _x(place: int, count: int) -> float:
    return round(EDGE + (100 - 2 * EDGE) * (place + 0.5) / max(count, 1), 2)


def _drawn(one: Series, y: Scale, named: bool) -> Drawn:
    values, count = one.values, len(one.values)
    line = [
        (_x(place, count) * WIDTH / 100, y(piece.line), y(piece.line_low), y(piece.line_high))
        for place, piece in enumerate(values)
        if piece.line is not None and piece.line_low is not None and piece.line_high is not None
    ]
    label = None
    if named and line:
        x, at = line[-1][0] * 100 / WIDTH, line[-1][1]
        label = Label(round(x, 2), max(TOP - 10.0, at - 10), one.name, "end")
    return Drawn(one.name, one.kind, band(line), _path(line), tuple(_marks(values, y)), label)


def _path(line: Sequence[tuple[float, float, float, float]]) -> str:
    return smooth([(x, at) for x, at, *_ in line]) if len(line) > 1 else ""


def _marks(values: Sequence[Value], y: Scale) -> Iterator[Mark]:
    for place, one in enumerate(values):
        if one.value is not None and one.low is not None and one.high is not None:
            yield Mark(_x(place, len(values)), y(one.value), y(one.low), y(one.high), one.small)


def _apart(drawn: Sequence[Drawn]) -> Iterator[Drawn]:
    """Names at lines that end close together, the lower one moved under its line."""
    named = [one for one in drawn if one.label]
    lowest = max(named, key=lambda one: one.label.y if one.label else 0.0, default=None)
    places = [one.label.y for one in named if one.label]
    close = len(places) > 1 and max(places) - min(places) < APART
    for one in drawn:
        if close and one is lowest and one.label:
            label = Label(one.label.x, one.label.y + 2 * APART, one.label.text, "end")
            yield Drawn(one.name, one.kind, one.band, one.line, one.marks, label)
        else:
            yield one


def _labels(texts: Sequence[str]) -> Iterator[Label]:
    """At most five, evenly chosen, the first and the last inside the picture."""
    count = len(texts)
    chosen = sorted({round(place * (count - 1) / (LABELS - 1)) for place in range(LABELS)})
    if count <= LABELS:
        chosen = list(range(count))
    for place in chosen:
        x = _x(place, count)
        anchor = "start" if x < 12 else "end" if x > 88 else "middle"
        at = EDGE if anchor == "start" else 100 - EDGE if anchor == "end" else x
        yield Label(at, HEIGHT - 10.0, texts[place], anchor)
