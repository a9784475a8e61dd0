"""Readings as they are kept with an alert and drawn: plain numbers, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from feedback.alerts.lines import Line, Subject
from feedback.alerts.rhythms import Rhythm, starts
from feedback.alerts.watch import Stay, series_of, usual, waited
from feedback.statistics.control import Reading, read

DRAWN = {"day": 28, "week": 16}
"""How many periods a chart begins with; the rest of the history says what was expected of them."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A value with its n and the 95% range it was expected in; None where n is too small."""

    first: date
    n: int
    value: float | None = None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    q: float | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "first": self.first.isoformat(),
            **{name: getattr(self, name) for name in ("n", "value", "expected")},
            **{name: getattr(self, name) for name in ("low", "high", "q")},
        }


def of_json(stored: Mapping[str, Any]) -> Figures:
    """As it was stored."""
    return Figures(**{**stored, "first": date.fromisoformat(stored["first"])})


def of_reading(first: date, reading: Reading) -> Figures:
    """The figures of one reading."""
    ends = (reading.low, reading.high)
    q = reading.q if reading.p is not None else None
    return Figures(first, reading.n, reading.value, reading.expected, *ends, q)


def beyond(found: Figures, subject: Subject) -> float:
    """How far beyond the nearer end of its range, as a share of its scale; 0 inside or unknown."""
    if found.value is None or found.low is None or found.high is None:
        return 0.0
    low, high = subject.scale
    return max(0.0, found.value - found.high, found.low - found.value) / (high - low)


def whole(
    line: Line, rhythm: Rhythm, first: date, stays: Iterable[Stay], q: float | None
) -> Figures:
    """The figures of a line's latest period, its range included; `q` is over all that was read."""
    (reading,) = read([series_of(line, rhythm, first, stays)], rhythm.season)
    found = of_reading(first, reading)
    return found if q is None else replace(found, q=q)


def drawn(line: Line, rhythm: Rhythm, first: date, stays: Iterable[Stay]) -> list[Figures]:
    """The periods of a chart, each with what was to be expected of it by those before it."""
    past, many = list(stays), DRAWN[rhythm.name]
    series = usual(line, rhythm, first, past)
    values = [*series.earlier, series.latest]
    real = list(line.periods)
    found = []
    for place in range(max(0, len(real) - many), len(real)):
        one = replace(series, earlier=waited(values[:place], rhythm), latest=real[place])
        (reading,) = read([one], rhythm.season)
        found.append(of_reading(starts(rhythm, first)[place], reading))
    return found
