"""A reading as corrections see it: feeling, themes and mentions, and whose word each is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

SCORES: Mapping[str, float] = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}
"""A person is sure: P(positive) - P(negative) of somebody who doubts nothing."""
MODEL, PERSON = "model", "person"


@dataclass(frozen=True, slots=True)
class Mention:
    """Characters [start, end) speak of a theme; `source` is the model or a person."""

    start: int
    end: int
    theme: str
    sentiment: str
    sentiment_score: float
    source: str = MODEL

    def meets(self, start: int, end: int) -> bool:
        """Whether it shares a character with [start, end)."""
        return (self.start < end and start < self.end) or (self.start, self.end) == (start, end)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is understood of a comment, as far as a person can correct it.

    Not `read`: the words were in no language the model knows, and nobody has said more yet.
    `urgency` is the probability that somebody is needed today, `urgent` whether that is enough
    to say so, `risks` why. `confirmed`: a person said that all of it is right.
    """

    read: bool
    sentiment: str | None = None
    sentiment_score: float | None = None
    probabilities: Mapping[str, float] = field(default_factory=dict)
    themes: Mapping[str, float] = field(default_factory=dict)
    mentions: tuple[Mention, ...] = ()
    urgent: bool = False
    urgency: float | None = None
    risks: Mapping[str, float] = field(default_factory=dict)
    confirmed: bool = False

    @property
    def stamp(self) -> str:
        """Tells whether somebody still looks at this very reading."""
        text = json.dumps(self.to_json(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def to_json(self) -> dict[str, Any]:
        """The reading as `comments.model_reading` keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Reading:
        """The reading that `to_json` wrote."""
        mentions = tuple(Mention(**mention) for mention in kept["mentions"])
        return cls(**{**kept, "mentions": mentions})
