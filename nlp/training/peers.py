"""What the reader is measured against: TF-IDF trained on the same comments, and VADER."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from nlp.labels import SENTIMENTS
from nlp.reader import Reader
from nlp.reading import CommentText
from nlp.themes import theme_keys
from nlp.training.example import Example
from nlp.training.targets import sentiment_targets, theme_targets
from nlp.training.thresholds import best_thresholds

VADER_MODULE = "vaderSentiment.vaderSentiment"
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

    def themes(self, examples: Sequence[Example]) -> Themes | None:
        """The themes above their thresholds."""
        return [frozenset(reading.themes) for reading in self._reader.read(_texts(examples))]


class Vader:
    """The lexicon of Hutto & Gilbert 2014, at its own thresholds."""

    name = "VADER"

    def __init__(self) -> None:
        self._analyser: Any = importlib.import_module(VADER_MODULE).SentimentIntensityAnalyzer()

    def sentiments(self, examples: Sequence[Example]) -> list[str]:
        """By the sign of the compound score."""
        scores = [self._analyser.polarity_scores(example.text)["compound"] for example in examples]
        return [SENTIMENTS[1 + (s >= VADER_CLEAR) - (s <= -VADER_CLEAR)] for s in scores]

    def themes(self, examples: Sequence[Example]) -> Themes | None:
        """It knows no themes."""
        return None


class TfIdf:
    """Words and word pairs, TF-IDF, logistic regression, on the comments the reader learnt from."""

    name = "TF-IDF + logistic regression"

    def __init__(self, examples: Sequence[Example]) -> None:
        self._vectorizer = TfidfVectorizer(
            ngram_range=(1, 2), min_df=2, max_features=60_000, sublinear_tf=True
        )
        known = [e for e in examples if e.sentiment is not None or e.themes is not None]
        x = self._vectorizer.fit_transform([_asked(example) for example in known])
        self._sentiment = self._fit_sentiment(x, known)
        self._themes, self._thresholds = self._fit_themes(x, known)

    def _fit_sentiment(self, x: Any, examples: Sequence[Example]) -> Any:
        targets = sentiment_targets(examples)
        rows = np.flatnonzero(targets.weight[:, 0])
        model = LogisticRegression(C=3.0, max_iter=200)
        labels = targets.wanted[rows].argmax(axis=1)
        return model.fit(x[rows], labels, sample_weight=targets.weight[rows, 0])

    def _fit_themes(self, x: Any, examples: Sequence[Example]) -> tuple[list[Any], Matrix]:
        targets = theme_targets(examples)
        held = np.array([example.part == "validation" for example in examples])
        models, unseen = [], np.zeros_like(targets.wanted)
        for k in range(len(theme_keys())):
            rows = np.flatnonzero((targets.weight[:, k] > 0) & ~held)
            model = LogisticRegression(C=10.0, solver="liblinear")
            wanted, weight = targets.wanted[rows, k] > 0.5, targets.weight[rows, k]
            models.append(model.fit(x[rows], wanted, sample_weight=weight))
            unseen[held, k] = models[-1].predict_proba(x[held])[:, 1]
        tested = np.flatnonzero(held)
        return models, best_thresholds(unseen[tested], targets.rows(tested))

    def sentiments(self, examples: Sequence[Example]) -> list[str]:
        """The likeliest class."""
        x = self._vectorizer.transform([_asked(example) for example in examples])
        return [SENTIMENTS[i] for i in self._sentiment.predict(x)]

    def themes(self, examples: Sequence[Example]) -> Themes | None:
        """The themes above thresholds found as the reader's are."""
        x = self._vectorizer.transform([_asked(example) for example in examples])
        columns = [model.predict_proba(x)[:, 1] for model in self._themes]
        above = np.stack(columns, axis=1) >= self._thresholds
        keys = theme_keys()
        return [frozenset(keys[k] for k in np.flatnonzero(row)) for row in above]


def vader_installed() -> bool:
    """Whether the peer can be run: it comes with the development extras."""
    return importlib.util.find_spec(VADER_MODULE.partition(".")[0]) is not None


def _texts(examples: Sequence[Example]) -> list[CommentText]:
    return [CommentText(e.text, e.question or None, "en") for e in examples]


def _asked(example: Example) -> str:
    return f"{example.question} {example.text}"
