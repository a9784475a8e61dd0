"""What heads find in a comment, as far as people correct it, and whether that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nlp.adapting.lesson import Lesson
from nlp.heads import Head
from nlp.labels import URGENT
from nlp.mentions import comment_themes

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Found:
    """The sentiment and the built-in themes of a comment, and whether it is urgent.

    `chances` holds the probability of each sentiment, each theme, and `urgent`.
    """

    sentiment: str
    themes: frozenset[str]
    urgent: bool
    chances: Mapping[str, float] = field(default_factory=dict, compare=False, repr=False)


def found(heads: Mapping[str, Head], vectors: Matrix) -> Found:
    """What these heads find, just as the reader decides it."""
    feeling, speaks, presses = (heads[name] for name in ("sentiment", "themes", "urgency"))
    felt = feeling.probabilities(vectors[:1])[0]
    rows = speaks.probabilities(vectors)
    pressing = presses.probabilities(vectors[:1])[0]
    chances = dict(zip(feeling.labels, map(float, felt), strict=True))
    chances |= dict(zip(speaks.labels, map(float, rows.max(axis=0)), strict=True))
    chances[URGENT] = float(pressing[presses.labels.index(URGENT)])
    return Found(
        feeling.labels[int(felt.argmax())],
        frozenset(comment_themes(speaks, rows)),
        URGENT in presses.above(pressing),
        chances,
    )


def wrong(name: str, read: Found, lesson: Lesson | None) -> bool:
    """Whether a head's part of a reading is not what people left standing."""
    if lesson is None:
        return False
    if name == "sentiment":
        return lesson.sentiment is not None and read.sentiment != lesson.sentiment
    if name == "themes":
        return read.themes != lesson.themes
    return read.urgent != lesson.urgent
