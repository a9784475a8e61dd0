"""How each head is fitted: what it learns from, and where its thresholds come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.heads import Head
from nlp.labels import EMOTIONS, SENTIMENTS
from nlp.themes import theme_keys
from nlp.training.example import Example
from nlp.training.fit import fit_linear
from nlp.training.seeds import SEED_FOLDS
from nlp.training.targets import (
    Targets,
    emotion_targets,
    sentiment_targets,
    share_themes,
    theme_targets,
    urgency_targets,
)
from nlp.training.thresholds import best_temperature, best_thresholds

L2 = {"sentiment": 0.01, "themes": 0.02, "emotions": 0.003, "urgency": 0.03}

Matrix = NDArray[np.float32]


def fit_sentiment(examples: Sequence[Example], vectors: Matrix) -> Head:
    """Three classes; the temperature comes from validation, the weights from everything."""
    targets, held = sentiment_targets(examples), _held(examples)
    weights, bias = fit_linear(vectors[~held], _rows(targets, ~held), "softmax", L2["sentiment"])
    logits = vectors[held] @ weights + bias
    divisor = np.float32(best_temperature(logits, _rows(targets, held)))
    weights, bias = fit_linear(vectors, targets, "softmax", L2["sentiment"])
    none = np.zeros(len(SENTIMENTS), np.float32)
    return Head(SENTIMENTS, "softmax", weights / divisor, bias / divisor, none)


def fit_themes(examples: Sequence[Example], vectors: Matrix) -> Head:
    """31 columns; thresholds from validation and from seed folds left out in turn."""
    known = [i for i, example in enumerate(examples) if example.themes is not None]
    chosen, x = [examples[i] for i in known], vectors[known]
    held = _held(chosen)
    targets = theme_targets(chosen)
    weights, bias = fit_linear(x[~held], _rows(targets, ~held), "sigmoid", L2["themes"])
    likely = _head(theme_keys(), weights, bias).probabilities(x)
    targets = share_themes(chosen, targets, likely)
    unseen = _unseen_probabilities(chosen, x, targets, held)
    tested = held | np.array([example.source == "seeds" for example in chosen])
    thresholds = best_thresholds(unseen[tested], _rows(targets, tested))
    weights, bias = fit_linear(x, targets, "sigmoid", L2["themes"])
    return _head(theme_keys(), weights, bias, thresholds)


def _unseen_probabilities(
    examples: Sequence[Example], x: Matrix, targets: Targets, held: NDArray[np.bool_]
) -> Matrix:
    """Theme probabilities of each held example and seed by a model that did not see it."""
    fold = np.array([SEED_FOLDS if e.fold is None else e.fold for e in examples])
    unseen = np.zeros_like(targets.wanted)
    for left_out in range(SEED_FOLDS):
        seen = ~held & (fold != left_out)
        weights, bias = fit_linear(x[seen], _rows(targets, seen), "sigmoid", L2["themes"])
        asked = (fold == left_out) | (held if left_out == 0 else np.False_)
        unseen[asked] = _head(theme_keys(), weights, bias).probabilities(x[asked])
    return unseen


def fit_emotions(examples: Sequence[Example], vectors: Matrix) -> Head:
    """Ten emotions; thresholds from the emotion data's own development part."""
    targets, held = emotion_targets(examples), _held(examples)
    weights, bias = fit_linear(vectors[~held], _rows(targets, ~held), "sigmoid", L2["emotions"])
    tested = held & np.array([example.emotions is not None for example in examples])
    probabilities = _head(EMOTIONS, weights, bias).probabilities(vectors[tested])
    thresholds = best_thresholds(probabilities, _rows(targets, tested))
    weights, bias = fit_linear(vectors, targets, "sigmoid", L2["emotions"])
    return _head(EMOTIONS, weights, bias, thresholds)


def fit_urgency(examples: Sequence[Example], vectors: Matrix) -> Head:
    """One column; strong regularisation keeps so small a head's probabilities modest."""
    weights, bias = fit_linear(vectors, urgency_targets(examples), "sigmoid", L2["urgency"])
    return _head(("urgent",), weights, bias)


FITS: dict[str, Callable[[Sequence[Example], Matrix], Head]] = {
    "sentiment": fit_sentiment,
    "themes": fit_themes,
    "emotions": fit_emotions,
    "urgency": fit_urgency,
}


def _head(
    labels: tuple[str, ...], weights: Matrix, bias: Matrix, thresholds: Matrix | None = None
) -> Head:
    if thresholds is None:
        thresholds = np.full(len(labels), 0.5, np.float32)
    return Head(labels, "sigmoid", weights, bias, thresholds)


def _held(examples: Sequence[Example]) -> NDArray[np.bool_]:
    return np.array([example.part == "validation" for example in examples])


def _rows(targets: Targets, mask: NDArray[np.bool_]) -> Targets:
    return targets.rows(np.flatnonzero(mask))
