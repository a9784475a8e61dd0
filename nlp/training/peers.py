"""What is measured: our reader, and lexicons that count words."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.labels import SENTIMENTS
from nlp.reader import Reader
from nlp.reading import CommentText
from nlp.training.example import Example

VADER_MODULE = "vaderSentiment.vaderSentiment"
TEXTBLOB_MODULE = "textblob"
VADER_CLEAR = 0.05
"""VADER's own threshold on its compound score (Hutto & Gilbert 2014)."""

Themes = list[frozenset[str]]
Matrix = NDArray[np.float32]


class System(Protocol):
    """Something that reads comments; None for what it cannot do."""

    name: str

    def sentiments(self, examples: Sequence[Example]) -> list[str]:
        """One of `SENTIMENTS` a comment."""
        ...

    def probabilities(self, examples: Sequence[Example]) -> Matrix | None:
        """Of each sentiment, a row a comment."""
        ...

    def themes(self, examples: Sequence[Example]) -> Themes | None:
        """The themes of each comment."""
        ...


class ReaderSystem:
    """Our reader, given what the product gives it."""

    name = "Waymark"

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def sentiments(self, examples: Sequence[Example]) -> list[str]:
        """A comment that is not read counts as neutral."""
        return [reading.sentiment or "neutral" for reading in self._reader.read(_texts(examples))]

    def probabilities(self, examples: Sequence[Example]) -> Matrix | None:
        """A comment that is not read is one third of each."""
        rows = [reading.probabilities for reading in self._reader.read(_texts(examples))]
        even = 1 / len(SENTIMENTS)
        return np.array([[row.get(s, even) for s in SENTIMENTS] for row in rows], np.float32)

    def themes(self, examples: Sequence[Example]) -> Themes | None:
        """The themes above their thresholds."""
        return [frozenset(reading.themes) for reading in self._reader.read(_texts(examples))]

    def emotions(self, examples: Sequence[Example]) -> Themes:
        """The emotions above their thresholds."""
        return [frozenset(reading.emotions) for reading in self._reader.read(_texts(examples))]


class Vader:
    """The lexicon of Hutto & Gilbert 2014, at its own thresholds."""

    name = "VADER"

    def __init__(self) -> None:
        self._analyser: Any = importlib.import_module(VADER_MODULE).SentimentIntensityAnalyzer()

    def sentiments(self, examples: Sequence[Example]) -> list[str]:
        """By the sign of the compound score."""
        scores = [self._analyser.polarity_scores(example.text)["compound"] for example in examples]
        return [SENTIMENTS[1 + (s >= VADER_CLEAR) - (s <= -VADER_CLEAR)] for s in scores]

    def probabilities(self, examples: Sequence[Example]) -> Matrix | None:
        """It gives none."""
        return None

    def themes(self, examples: Sequence[Example]) -> Themes | None:
        """It knows no themes."""
        return None


class TextBlob:
    """The lexicon of TextBlob (after Pattern), at the thresholds VADER uses."""

    name = "TextBlob"

    def __init__(self) -> None:
        self._read: Any = importlib.import_module(TEXTBLOB_MODULE).TextBlob

    def sentiments(self, examples: Sequence[Example]) -> list[str]:
        """By the sign of the polarity."""
        scores = [self._read(example.text).sentiment.polarity for example in examples]
        return [SENTIMENTS[1 + (s >= VADER_CLEAR) - (s <= -VADER_CLEAR)] for s in scores]

    def probabilities(self, examples: Sequence[Example]) -> Matrix | None:
        """It gives none."""
        return None

    def themes(self, examples: Sequence[Example]) -> Themes | None:
        """It knows no themes."""
        return None


def lexicons() -> list[System]:
    """The peers that count words, as far as they are installed (the development extra)."""
    known: dict[str, Callable[[], System]] = {VADER_MODULE: Vader, TEXTBLOB_MODULE: TextBlob}
    return [
        system()
        for module, system in known.items()
        if importlib.util.find_spec(module.partition(".")[0]) is not None
    ]


def _texts(examples: Sequence[Example]) -> list[CommentText]:
    return [CommentText(e.text, e.question or None, e.language) for e in examples]
