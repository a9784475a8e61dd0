"""Peers that learn from the same comments: logistic regression on words, or on frozen vectors."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from nlp.encoder import Encoder
from nlp.labels import SENTIMENTS
from nlp.themes import theme_keys
from nlp.training.example import Example
from nlp.training.peers import Themes
from nlp.training.targets import sentiment_targets, theme_targets
from nlp.training.thresholds import best_thresholds
from nlp.windows import Passage

Matrix = NDArray[np.float32]
C = 10.0
"""Inverse strength of the penalty for labels."""


class Features(Protocol):
    """Comments as rows of numbers."""

    name: str

    def fit(self, examples: Sequence[Example]) -> None:
        """Learn the columns from the comments to train on."""
        ...

    def rows(self, examples: Sequence[Example]) -> Any:
        """A row a comment, dense or sparse."""
        ...


class TfIdf:
    """Words and word pairs, the question's too, by TF-IDF."""

    name = "TF-IDF + logistic regression"

    def __init__(self) -> None:
        self._vectorizer = TfidfVectorizer(
            ngram_range=(1, 2), min_df=2, max_features=60_000, sublinear_tf=True
        )

    def fit(self, examples: Sequence[Example]) -> None:
        """Choose the words."""
        self._vectorizer.fit([f"{e.question} {e.text}" for e in examples])

    def rows(self, examples: Sequence[Example]) -> Any:
        """Sparse, each row of length one."""
        return self._vectorizer.transform([f"{e.question} {e.text}" for e in examples])


class Vectors:
    """The vectors of an encoder that no longer learns, each of length one."""

    def __init__(self, name: str, encoder: Encoder, questions: bool) -> None:
        self.name = name
        self._encoder, self._questions = encoder, questions

    def fit(self, examples: Sequence[Example]) -> None:
        """Nothing to learn."""

    def rows(self, examples: Sequence[Example]) -> Any:
        """Dense: comments x width."""
        asked = [Passage(e.text, e.question if self._questions else "") for e in examples]
        whole = np.stack([found[0] for found in self._encoder.encode(asked)])
        return whole / np.linalg.norm(whole, axis=1, keepdims=True)


class YesNo:
    """Logistic regression for one label; where all examples agree, what they agree on."""

    def __init__(self, x: Any, wanted: NDArray[np.bool_], weight: Matrix | None = None) -> None:
        self._share = float(wanted.mean()) if len(wanted) else 0.0
        self._model = LogisticRegression(C=C, solver="liblinear")
        if 0 < self._share < 1:
            self._model.fit(x, wanted, sample_weight=weight)

    def probability(self, x: Any) -> Matrix:
        """A number a row."""
        if not 0 < self._share < 1:
            return np.full(x.shape[0], self._share, np.float32)
        found: Matrix = self._model.predict_proba(x)[:, 1]
        return found


class LinearSystem:
    """Logistic regression on some features, learnt from the comments the reader learnt from."""

    def __init__(self, features: Features, examples: Sequence[Example]) -> None:
        self.name = features.name
        self._features = features
        known = [
            e
            for e in examples
            if e.span is None and (e.sentiment is not None or e.themes is not None)
        ]
        features.fit(known)
        x = features.rows(known)
        self._sentiment = _fit_sentiment(x, known)
        self._themes, self._thresholds = _fit_themes(x, known)

    def sentiments(self, examples: Sequence[Example]) -> list[str]:
        """The likeliest class."""
        return [SENTIMENTS[i] for i in self._sentiment.predict(self._features.rows(examples))]

    def probabilities(self, examples: Sequence[Example]) -> Matrix | None:
        """As the regression gives them."""
        found: Matrix = self._sentiment.predict_proba(self._features.rows(examples))
        return found

    def themes(self, examples: Sequence[Example]) -> Themes | None:
        """The themes above thresholds found as the reader's are."""
        x = self._features.rows(examples)
        columns = [model.probability(x) for model in self._themes]
        above = np.stack(columns, axis=1) >= self._thresholds
        keys = theme_keys()
        return [frozenset(keys[k] for k in np.flatnonzero(row)) for row in above]


def _fit_sentiment(x: Any, examples: Sequence[Example]) -> Any:
    targets = sentiment_targets(examples)
    rows = np.flatnonzero(targets.weight[:, 0])
    model = LogisticRegression(C=3.0, max_iter=200)
    labels = targets.wanted[rows].argmax(axis=1)
    return model.fit(x[rows], labels, sample_weight=targets.weight[rows, 0])


def _fit_themes(x: Any, examples: Sequence[Example]) -> tuple[list[YesNo], Matrix]:
    targets = theme_targets(examples)
    held = np.array([example.part == "validation" for example in examples])
    models, unseen = [], np.zeros_like(targets.wanted)
    for k in range(len(theme_keys())):
        rows = np.flatnonzero((targets.weight[:, k] > 0) & ~held)
        models.append(YesNo(x[rows], targets.wanted[rows, k] > 0.5, targets.weight[rows, k]))
        unseen[held, k] = models[-1].probability(x[held])
    tested = np.flatnonzero(held)
    return models, best_thresholds(unseen[tested], targets.rows(tested))


def frozen_minilm() -> Vectors | None:
    """The pretrained encoder as it is; None where the extra `train` is not installed."""
    if importlib.util.find_spec("torch") is None:
        return None
    # torch comes with the extra; who only reads comments does without
    frozen = importlib.import_module("nlp.training.frozen")
    return Vectors("frozen MiniLM + logistic regression", frozen.pretrained(), questions=False)
