"""What people said of comments, as something to learn from; and comments nobody spoke of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.encoder import Encoder
from nlp.prepare import prepare
from nlp.reading import FIRST, CommentText
from nlp.routing import may_be

Matrix = NDArray[np.float32]
Span = tuple[int, int]

FEELING = "sentiment"
"""In `Lesson.said`: somebody said how the customer feels. Themes and `urgent` go by their keys."""


@dataclass(frozen=True, slots=True)
class Place:
    """Characters start..end of a comment as written speak of a theme, with this sentiment.

    `sentiment` None: somebody said that they do not speak of it.
    """

    start: int
    end: int
    theme: str
    sentiment: str | None


@dataclass(frozen=True, slots=True)
class Lesson:
    """A comment as it counts after people's corrections.

    `said` holds what somebody spoke of themselves; the rest they saw and left. `whole`: they
    confirmed all of it as right. `places` are the stretches a person spoke of.
    """

    key: int
    text: CommentText
    sentiment: str | None = None
    themes: frozenset[str] = frozenset()
    urgent: bool = False
    said: frozenset[str] = frozenset()
    whole: bool = False
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A comment as the encoder sees it: the whole's vector, then one a clause.

    `spans` are the clauses in the comment as written, none where the whole is one clause.
    Without a `lesson` nobody said anything of it.
    """

    key: int
    vectors: Matrix
    spans: tuple[Span, ...]
    lesson: Lesson | None = None

    def rows_in(self, place: Place) -> list[int]:
        """The clauses that a stretch meets; the whole alone where it covers all of them."""
        met = [i for i, (a, b) in enumerate(self.spans) if a < place.end and place.start < b]
        return [0] if len(met) == len(self.spans) else [i + 1 for i in met]


def seen(
    lessons: Sequence[Lesson], others: Sequence[tuple[int, CommentText]], encoder: Encoder
) -> tuple[list[Seen], list[Seen]]:
    """Both encoded; those that can't be read, or are in another language, are left out."""
    given = [(one.key, one.text, one) for one in lessons]
    every = [*given, *((key, text, None) for key, text in others)]
    prepared = [prepare(text) for _, text, _ in every]
    readable = [i for i, one in enumerate(prepared) if may_be(one.language, FIRST)]
    vectors = encoder.encode([prepared[i].passage for i in readable])
    found = []
    for i, rows in zip(readable, vectors, strict=True):
        key, _, lesson = every[i]
        passage, cleaned = prepared[i].passage, prepared[i].clean
        spans = tuple(cleaned.original_span(*span) for span in passage.spans)
        found.append(Seen(key, rows, spans, lesson))
    return [one for one in found if one.lesson], [one for one in found if one.lesson is None]
