"""How every report writes its figures: rounded, frozen, named as JSON names them."""

from __future__ import annotations

from datetime import datetime
from math import floor
from typing import Annotated

from pydantic import ConfigDict, Field, PlainSerializer

from feedback.shapes import Shape


def four(value: float) -> float:
    """To four decimals, never -0.0: as `round` gives it, which takes twice as long.

    A report holds forty thousand figures; only one near the middle of two needs its care.
    """
    parts = value * 10_000.0
    if -1e12 < parts < 1e12:
        whole = floor(parts + 0.5)
        if -0.499999 < parts - whole < 0.499999:
            return whole / 10_000
    return round(value, 4) + 0.0


def digits(value: float) -> float:
    """Four that count."""
    return float(f"{value:.4g}")


Figure = Annotated[float, PlainSerializer(four, return_type=float)]
Chance = Annotated[float, PlainSerializer(digits, return_type=float)]


class Out(Shape):
    """The base of everything a report gives out."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class PeriodOut(Out):
    """From a time until just before another."""

    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")


class ScoreOut(Out):
    """A score with its 95% interval; the figures are null where n is too small to give any."""

    metric: str
    value: Figure | None
    low: Figure | None
    high: Figure | None
    n: int
    small: bool


class ChangeOut(Out):
    """A figure before and now; the 95% interval of now less before, and its two-sided p.

    Null where either side has too few answers.
    """

    metric: str
    previous: Figure | None
    current: Figure | None
    low: Figure | None
    high: Figure | None
    p: Chance | None


class GoalOut(Out):
    """What the team wants of a metric, and what others reach; each null where it isn't set.

    `target_met` and `above_benchmark` are `yes`, `no` or `not_sure`, as the score's 95% interval
    lies above it, below it or around it. `point_value` is what one point more is worth in a
    month, in `currency`.
    """

    metric: str
    target: Figure | None
    target_met: str | None
    benchmark: Figure | None
    benchmark_name: str | None
    above_benchmark: str | None
    point_value: Figure | None
    currency: str | None


class RateOut(Out):
    """How many were asked, and how many answered; `rate` is the share with its 95% interval.

    `delivered` counts what is not known to have failed; `answered` at least one question;
    `open` those who may still answer. Figures are null where fewer than five were asked. An end
    of the period that was not asked for is none here: all invitations ever count.
    """

    asked: int
    delivered: int
    answered: int
    completed: int
    open: int
    rate: Figure | None
    low: Figure | None
    high: Figure | None


class CommentsOut(Out):
    """How far the understanding of the comments is."""

    read: int
    waiting: int
    not_read: int
