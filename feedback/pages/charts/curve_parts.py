"""What goes into the emotion curve, and the shapes it is drawn with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StageValue:
    """A stage as the curve needs it; `mean` None where there are too few comments."""

    name: str
    score: str
    n: int
    mean: float | None
    low: float | None
    high: float | None
    small: bool


@dataclass(frozen=True)
class Pain:
    """A pain point hanging from its stage; `cost` is the size of its impact, in points."""

    stage: int
    name: str
    label: str
    cost: float
    certain: bool


@dataclass(frozen=True)
class Quote:
    """Words at a stage."""

    stage: int
    text: str


@dataclass(frozen=True)
class Mark:
    """A stage's place: its labels' x, its dot and its whisker where there is a mean."""

    x: float
    name: tuple[str, ...]
    score: str
    n: int
    y: float | None
    low: float | None
    high: float | None
    kind: str


@dataclass(frozen=True)
class Drop:
    """A drawn pain point: its stem from the curve and its circle."""

    x: float
    from_x: float
    top: float
    y: float
    radius: float
    lines: tuple[str, ...]
    label: str
    certain: bool


@dataclass(frozen=True)
class Words:
    """A drawn quote: its lines, where they stand, and the line that ties it to the curve."""

    x: float
    anchor: str
    y: float
    lines: tuple[str, ...]
    line_from: float
    line_to: float


@dataclass(frozen=True)
class Curve:
    """The whole picture, in units of its own view box."""

    width: int
    height: float
    left: int
    right: int
    reach: float
    top: float
    zero: float
    bottom: float
    marks: tuple[Mark, ...]
    lines: tuple[str, ...]
    bands: tuple[str, ...]
    drops: tuple[Drop, ...]
    best: Words | None
    worst: Words | None
