"""From values to places on paper."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Scale:
    """A straight line from the values [low, high] to the places [start, end]."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value; what lies outside is held at the edge."""
        inside = min(max(value, self.low), self.high)
        share = (inside - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 2)


def nice_step(reach: float, steps: int) -> float:
    """The round distance that covers `reach` in about so many steps."""
    rough = max(reach, 1e-9) / steps
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * step for step in STEPS if power * step >= rough * 0.999)


def ticks(low: float, high: float, steps: int = 4) -> tuple[float, ...]:
    """Round values within [low, high], zero among them where it lies inside."""
    step = nice_step(high - low, steps)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(round(place * step, 10) for place in range(first, last + 1))


def decimals(values: Sequence[float]) -> int:
    """How many decimals these round values need, so that none is shown as another."""
    return next((n for n in range(6) if all(math.isclose(round(one, n), one) for one in values)), 6)


def wrapped(text: str, width: int, lines: int) -> tuple[str, ...]:
    """The text in at most so many lines of so many letters, the last ending in … when cut."""
    found: list[str] = []
    for word in text.split():
        if found and len(found[-1]) + 1 + len(word) <= width:
            found[-1] = f"{found[-1]} {word}"
        else:
            found.append(word[: width - 1] + "…" if len(word) > width else word)
    if len(found) > lines:
        found = [*found[: lines - 1], found[lines - 1].rstrip(".,;:") + " …"]
    return tuple(found)


Point = tuple[float, float]


def smooth(points: Sequence[Point]) -> str:
    """An SVG path through the points that never swings past them (monotone cubic)."""
    first, *rest = points
    path = [f"M{_pair(first)}"]
    slopes = _slopes(points)
    for place, point in enumerate(rest, 1):
        before = points[place - 1]
        third = (point[0] - before[0]) / 3
        one = (before[0] + third, before[1] + slopes[place - 1] * third)
        two = (point[0] - third, point[1] - slopes[place] * third)
        path.append(f"C{_pair(one)} {_pair(two)} {_pair(point)}")
    return " ".join(path)


def band(line: Sequence[tuple[float, float, float, float]]) -> str:
    """The surface between lows and highs of points (x, value, low, high); '' of fewer than two."""
    if len(line) < 2:
        return ""
    upper = smooth([(x, high) for x, _, _, high in line])
    lower = smooth([(x, low) for x, _, low, _ in reversed(line)])
    return f"{upper} L{lower[1:]} Z"


def _slopes(points: Sequence[Point]) -> list[float]:
    """Fritsch and Carlson's tangents: flat at every turn."""
    pairs = itertools.pairwise(points)
    steps = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairs]
    inner = [
        0.0 if left * right <= 0 else 2 * left * right / (left + right)
        for left, right in itertools.pairwise(steps)
    ]
    return [steps[0], *inner, steps[-1]] if steps else [0.0]


def _pair(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"
