"""Two sides of a comparison as JSON."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from feedback.reporting.figures import Chance, Figure, Out, ScoreOut


class SideOut(Out):
    """One side: which answers it holds, and what they say."""

    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    segment: str | None
    channel: str | None
    survey: str | None
    language: str | None
    n_responses: int
    n_lone_comments: int
    scores: list[ScoreOut]


class GapOut(Out):
    """A figure of this side less that of the other, with its 95% interval.

    `p` is two-sided; `q` the false discovery rate over everything compared; `told`: the data
    tell it from chance. Figures are null, and q is 1, where either side has too few answers.
    """

    value: Figure | None
    low: Figure | None
    high: Figure | None
    p: Chance | None
    q: Chance
    told: bool


class ScoreGapOut(GapOut):
    """One score on both sides."""

    metric: str
    this: ScoreOut
    other: ScoreOut


class ThemeGapOut(GapOut):
    """The share of voices that speak badly of a theme, on both sides."""

    theme: str
    theme_name: str
    this: Figure | None
    this_n: int
    other: Figure | None
    other_n: int


class Comparison(Out):
    """Two sides of a journey. `overlap`: some answers may be on both, `same`: all are.

    Where answers are on both sides the two are more alike than the intervals suppose, which
    are then too wide, never too narrow.
    """

    journey: str
    name: str
    this: SideOut
    other: SideOut
    same: bool
    overlap: bool
    scores: list[ScoreGapOut]
    themes: list[ThemeGapOut]
