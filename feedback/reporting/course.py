"""The course of a figure: its pieces with their own intervals, and the line through them."""

from __future__ import annotations

from collections.abc import Sequence

from feedback.reporting.figures import ChangeOut
from feedback.reporting.period import Period
from feedback.reporting.series_schema import ClassOut, PointOut
from feedback.statistics.intervals import around
from feedback.statistics.scores import Estimate, share
from feedback.statistics.smooth import Smoothed, smooth
from feedback.statistics.sums import Moments
from feedback.statistics.trend import Trend

SHARES = (0.0, 1.0)


def course(
    pieces: Sequence[Period],
    own: Sequence[Estimate],
    answers: Sequence[Moments],
    ends: tuple[float, float],
    factor: float = 1.0,
) -> list[PointOut]:
    """One point a piece; the line's margins are stretched by `factor`.

    The line runs from the first piece with answers to the last: nothing is foretold.
    """
    heard = [place for place, part in enumerate(answers) if part.n]
    span = range(heard[0], heard[-1] + 1) if heard else range(0)
    line = smooth([answers[place] for place in span], *ends).points
    lines = dict(zip(span, line, strict=True))
    return [
        _point(piece, one, lines.get(place, Smoothed(0, None)), ends, factor)
        for place, (piece, one) in enumerate(zip(pieces, own, strict=True))
    ]


def _point(
    piece: Period, own: Estimate, line: Smoothed, ends: tuple[float, float], factor: float
) -> PointOut:
    low, high = line.low, line.high
    if line.value is not None and low is not None and high is not None:
        low = line.value - factor * (line.value - low)
        high = line.value + factor * (high - line.value)
        low, high = around(line.value, low, high, *ends)
    return PointOut(
        start=piece.start,
        end=piece.end,
        n=own.n,
        value=own.value,
        low=own.low,
        high=own.high,
        small=own.small,
        line=line.value,
        line_low=low,
        line_high=high,
    )


def said(count: int, n: int) -> Moments:
    """The moments of n voices of whom so many speak of it."""
    return Moments(n, float(count), float(count))


def counted(name: str, count: int, n: int) -> ClassOut:
    """A count with its share and that share's interval."""
    found = share(name, count, n)
    return ClassOut(name=name, n=count, share=found.value, low=found.low, high=found.high)


def changed(metric: str, found: Trend) -> ChangeOut:
    """A change."""
    return ChangeOut(
        metric=metric,
        previous=found.previous,
        current=found.current,
        low=found.low,
        high=found.high,
        p=found.p,
    )
