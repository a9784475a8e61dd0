"""Scores and themes over time as JSON."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from feedback.reporting.figures import (
    ChangeOut,
    Figure,
    GoalOut,
    Out,
    PeriodOut,
    RateOut,
    ScoreOut,
)


class PointOut(Out):
    """One piece of a period: its own figure with 95% interval, and the smoothed line's.

    `value` is null from too few answers (n), `line` where the whole series has too few.
    """

    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    n: int
    value: Figure | None
    low: Figure | None
    high: Figure | None
    small: bool
    line: Figure | None
    line_low: Figure | None
    line_high: Figure | None


class ClassOut(Out):
    """How many scores fall in a class (`promoter`), or have a value (`9`); share with interval."""

    name: str
    n: int
    share: Figure | None
    low: Figure | None
    high: Figure | None


class MetricOut(Out):
    """One metric: its scores, their distribution, their change, and their course.

    `values` counts the answers by value on the scale they were asked on; it is empty where
    there are more than 200,000 of them. `design_effect` is how many times the answers of the
    same customers multiply the variance; 1 where nobody answered twice.
    """

    metric: str
    scores: list[ScoreOut]
    change: ChangeOut
    classes: list[ClassOut]
    values: list[ClassOut]
    design_effect: Figure
    goal: GoalOut | None
    points: list[PointOut]


class ScoresReport(Out):
    """A journey's scores in one period; `step` is what a point of a course spans.

    `rate` is null in one language.
    """

    journey: str
    name: str
    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    trend_previous: PeriodOut
    trend_current: PeriodOut
    step: str
    n_responses: int
    rate: RateOut | None
    metrics: list[MetricOut]


class SpokenOut(Out):
    """How many voices speak badly and well of a theme somewhere, and their course."""

    touchpoint: str | None
    name: str
    n: int
    negative: ClassOut
    positive: ClassOut
    change: ChangeOut
    negative_points: list[PointOut]
    positive_points: list[PointOut]


class ThemeReport(Out):
    """A theme over time: in the whole journey, and at each touchpoint where it is spoken of."""

    journey: str
    name: str
    theme: str
    theme_name: str
    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    trend_previous: PeriodOut
    trend_current: PeriodOut
    step: str
    whole: SpokenOut
    touchpoints: list[SpokenOut]
