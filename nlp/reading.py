"""What goes into the reader and what comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nlp.meaning import Meaning
from nlp.redaction import Redaction

SIX = ("en", "es", "fr", "de", "it", "pt")
"""The languages told apart with most care."""
FIRST = "en"
"""The language whose model learns from corrections, and whose comments topics are made of."""
UNDETERMINED = "und"
"""ISO 639-2 code of a language that cannot be told from so few words."""


@dataclass(frozen=True, slots=True)
class CommentText:
    """A comment to understand; the question it answers and its language help where known.

    `language` is what it is in, `expected` what it is likely to be in (the survey's, say): language
    tags, both.
    """

    text: str
    question: str | None = None
    language: str | None = None
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """Characters start..end (end exclusive) of the comment as written speak of one theme."""

    start: int
    end: int
    theme: str
    sentiment: str
    sentiment_score: float

    def to_json(self) -> dict[str, Any]:
        """The mention as JSON prints it."""
        return {
            "start": self.start,
            "end": self.end,
            "theme": self.theme,
            "sentiment": self.sentiment,
            "sentiment_score": self.sentiment_score,
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """One comment understood. Not read (no words, or no model knows its language): only language
    and model say, and `redactions`, where personal data stands in it.

    `sentiment_score` is P(positive) - P(negative), in [-1, 1]; `emotions` and `themes` hold the
    probabilities above their thresholds; `urgency` is a probability, `urgent` whether it reaches
    the model's threshold, and `risks` says why a comment may need a person today, where it says
    why. `meaning` is the vector of the whole, to search by.
    """

    language: str
    model: str
    read: bool = False
    sentiment: str | None = None
    sentiment_score: float | None = None
    probabilities: dict[str, float] = field(default_factory=dict)
    emotions: dict[str, float] = field(default_factory=dict)
    themes: dict[str, float] = field(default_factory=dict)
    mentions: tuple[Mention, ...] = ()
    urgency: float | None = None
    risks: dict[str, float] = field(default_factory=dict)
    redactions: tuple[Redaction, ...] = ()
    urgent: bool = False
    meaning: Meaning | None = field(default=None, repr=False, compare=False)

    def to_json(self) -> dict[str, Any]:
        """The reading as `waymark understand` prints it, without the id."""
        return {
            "language": self.language,
            "sentiment": self.sentiment,
            "sentiment_score": self.sentiment_score,
            "probabilities": self.probabilities,
            "emotions": self.emotions,
            "themes": self.themes,
            "mentions": [mention.to_json() for mention in self.mentions],
            "urgency": self.urgency,
            "urgent": self.urgent,
            "risks": self.risks,
            "redactions": [redaction.to_json() for redaction in self.redactions],
            "model": self.model,
            "read": self.read,
        }
