"""What is summed: whole numbers, each with the touchpoint it is of and what it counts.

Numbers that are no counts are kept in fixed point, rounded once where they come from a row, so
that sums are exact in whatever order they are added: points and answers in thousandths,
sentiment in ten-thousandths, their squares in the squares of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple

POINT = 1000
"""Parts of a point of a metric."""

MOOD = 10_000
"""Parts of a unit of sentiment."""


class Kind(IntEnum):
    """What a number counts; those below `STATE` are the reach, which trends need alone.

    Of a metric or a theme the kinds of total and squares follow that of n. `VALUE` counts the
    answers of a metric that have one value on one scale, as `asked_value` names it.
    """

    RESPONSES = 1
    LONE = 2
    MENTIONS = 3
    NEGATIVE = 4
    POSITIVE = 5
    VOICES = 6
    PRAISES = 7
    STATE = 16
    EMOTION = 17
    MOOD_N = 18
    MOOD_TOTAL = 19
    MOOD_SQUARES = 20
    POINTS_N = 21
    POINTS_TOTAL = 22
    POINTS_SQUARES = 23
    TOP = 24
    BOTTOM = 25
    ANSWERS_N = 26
    ANSWERS_TOTAL = 27
    ANSWERS_SQUARES = 28
    COST_N = 29
    COST_TOTAL = 30
    COST_SQUARES = 31
    GAIN_N = 32
    GAIN_TOTAL = 33
    GAIN_SQUARES = 34
    PAIR_NPS = 35
    PAIR_CSAT = 36
    PAIR_CES = 37
    PRAISED_PAIR_NPS = 38
    PRAISED_PAIR_CSAT = 39
    PRAISED_PAIR_CES = 40
    VALUE = 41


class Item(NamedTuple):
    """One number's name: `first` and `second` are a theme, an emotion, a state, a metric or a
    value on a scale."""

    touchpoint: int
    kind: int
    first: str = ""
    second: str = ""


class Slice(NamedTuple):
    """Whose sums: a segment's (0: everybody's), of what came by a channel to a survey.

    What belongs to no response has the channel '' and the survey 0.
    """

    segment: int
    channel: str
    survey: int
    language: str


Items = dict[Item, int]
Sliced = dict[Slice, Items]

PAIRS: Mapping[tuple[str, str], Kind] = {
    ("negative", "nps"): Kind.PAIR_NPS,
    ("negative", "csat"): Kind.PAIR_CSAT,
    ("negative", "ces"): Kind.PAIR_CES,
    ("positive", "nps"): Kind.PRAISED_PAIR_NPS,
    ("positive", "csat"): Kind.PRAISED_PAIR_CSAT,
    ("positive", "ces"): Kind.PRAISED_PAIR_CES,
}
"""The kind of two themes said together with one feeling, by feeling and metric."""

COSTS: Mapping[str, Kind] = {"negative": Kind.COST_N, "positive": Kind.GAIN_N}
"""The kind of n of the points of those who speak of a theme, by feeling."""

SPOKEN: Mapping[str, tuple[Kind, Kind]] = {
    "negative": (Kind.NEGATIVE, Kind.VOICES),
    "positive": (Kind.POSITIVE, Kind.PRAISES),
}
"""The kinds of mentions, and of voices, by feeling."""


def asked_value(low: float, high: float, value: float) -> str:
    """The name of a value on the scale it was asked on, to a tenth: names must be few."""
    return f"{low:g}:{high:g}:{round(value, 1):g}"


def value_asked(name: str) -> tuple[float, float, float]:
    """The scale's ends, and the value, that a name stands for."""
    low, high, value = map(float, name.split(":"))
    return low, high, value
