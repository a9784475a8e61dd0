"""A run's topics in words: how many speak of each, whether it grows, and how they feel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from feedback.pages.words import count, number, percent
from feedback.topics.out import RunOut, Share, TopicOut, share

TRENDS: Mapping[str, tuple[str, str]] = {
    "new": ("+", "New"),
    "growing": ("\N{BLACK UP-POINTING TRIANGLE}", "Growing"),
    "fading": ("\N{BLACK DOWN-POINTING TRIANGLE}", "Fading"),
    "steady": ("=", "Steady"),
    "unsure": ("?", "Too few to tell"),
}
BAR = 240
"""The width of the bar of feelings, in pixels of its own."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the bar of feelings."""

    feeling: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Card:
    """One topic as its card shows it; `sign` repeats the trend's word as a small mark."""

    topic: TopicOut
    size: str
    sign: str
    trend: str
    moved: str
    feels: str
    bar: tuple[Part, ...]


def cards(told: RunOut) -> list[Card]:
    """The topics of a run as cards."""
    return [_card(topic, told) for topic in told.topics]


def finding(told: RunOut) -> str:
    """What a run found, in a sentence or two."""
    left = share(told.uncovered, told.comments)
    opening = f"In {told.period.words}, {_of(left)} speak of no theme."
    if not told.topics:
        return f"{opening} No topic stands out among them."
    many = count(len(told.topics), "topic")
    verb = "stands" if len(told.topics) == 1 else "stand"
    return f"{opening} Among them {many} {verb} out; the rest say little, or each something else."


def _card(topic: TopicOut, told: RunOut) -> Card:
    sign, trend = TRENDS.get(topic.trend, ("?", topic.trend.capitalize()))
    return Card(
        topic=topic,
        size=f"{_of(topic.now)}",
        sign=sign,
        trend=trend,
        moved=_moved(topic, told.before.words),
        feels=_feels(topic.sentiment),
        bar=_bar(topic.sentiment),
    )


def _of(part: Share) -> str:
    """`8 of 993 comments (0.8%, between 0.4% and 1.6%)`."""
    found = f"{part.comments:,} of {count(part.of, 'comment')}"
    if not part.of:
        return found
    between = f"between {percent(part.low)} and {percent(part.high)}"
    return f"{found} ({percent(part.share)}, {between})"


def _moved(topic: TopicOut, before: str) -> str:
    """How it moved since the period before."""
    was = topic.before
    if not was.of:
        return f"Nothing was read of {before} to compare it with."
    said = f"{was.comments:,} of {was.of:,} in {before}"
    low, high = (_points(end) for end in (topic.difference.low, topic.difference.high))
    return f"{said}; a change of {_points(topic.difference.value)} points, between {low} and {high}"


def _points(difference: float) -> str:
    text = number(100 * difference, 1)
    return f"+{text}" if 100 * difference >= 0.05 else text


def _feels(felt: Mapping[str, int]) -> str:
    """`5 positive, 2 neutral, 1 negative`: counts, for shares of so few would promise too much."""
    parts = [f"{felt[name]:,} {name}" for name in ("negative", "neutral", "positive") if felt[name]]
    return ", ".join(parts) or "not known"


def _bar(felt: Mapping[str, int]) -> tuple[Part, ...]:
    """The parts of the bar, negative to the left, positive to the right."""
    whole, x, parts = sum(felt.values()), 0.0, []
    for name in ("negative", "neutral", "positive"):
        width = BAR * felt[name] / whole if whole else 0.0
        if width:
            parts.append(Part(name, round(x, 1), round(width, 1)))
        x += width
    return tuple(parts)
