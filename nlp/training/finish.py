"""From a trained network to a model's heads: thresholds and calibration on the shipped encoder.

They are set on comments held out from training, read as the product reads them: by the quantised
encoder, clause by clause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.clauses import clauses
from nlp.encoder import Encoder
from nlp.heads import Head
from nlp.labels import EMOTIONS, RISKS, SENTIMENTS, URGENT
from nlp.text import clean
from nlp.themes import theme_keys
from nlp.training.example import Example
from nlp.training.passages import with_risks
from nlp.training.targets import (
    Matrix,
    Targets,
    emotion_targets,
    sentiment_targets,
    theme_targets,
    urgency_targets,
)
from nlp.training.thresholds import best_temperature, best_thresholds
from nlp.windows import Passage

LABELS = {
    "sentiment": SENTIMENTS,
    "themes": theme_keys(),
    "emotions": EMOTIONS,
    "urgency": (URGENT, *RISKS),
}


SHARED = 160.0
"""How many wanted labels all themes together speak for in each one's threshold."""
NEVER = 1.01
"""A threshold that no probability reaches."""


def bare_heads(network: Any) -> dict[str, Head]:
    """The network's heads as they were trained: no temperature, every threshold one half."""
    return {name: _bare(network, name) for name in LABELS}


def finished_heads(
    heads: Mapping[str, Head], encoder: Encoder, examples: Sequence[Example]
) -> dict[str, Head]:
    """The heads with thresholds and temperatures from the held-out examples."""
    held = [e for e in examples if e.part == "validation" and e.span is None]
    read = encoder.encode([passage(example) for example in held])
    whole = np.stack([rows[0] for rows in read])
    return {
        "sentiment": _calibrated(heads["sentiment"], whole, sentiment_targets(held)),
        "themes": _themes(heads["themes"], read, held),
        "emotions": _thresholded(heads["emotions"], whole, emotion_targets(held), held),
        "urgency": _urgency(heads["urgency"], whole, held),
    }


def passage(example: Example) -> Passage:
    """An example as the reader gives it to the encoder."""
    text = clean(example.text).text
    spans = clauses(text)
    return Passage(text, example.question, spans if len(spans) > 1 else ())


def _bare(network: Any, name: str) -> Head:
    layer = network.heads[name]
    weights: Matrix = layer.weight.detach().numpy().T.astype(np.float32)
    bias: Matrix = layer.bias.detach().numpy().astype(np.float32)
    half = np.full(len(bias), 0.5, np.float32)
    return Head(LABELS[name], "softmax" if name == "sentiment" else "sigmoid", weights, bias, half)


def _calibrated(head: Head, vectors: Matrix, targets: Targets) -> Head:
    """Divided by the temperature that makes its probabilities most honest."""
    known = np.flatnonzero(targets.weight[:, 0])
    logits = vectors[known] @ head.weights + head.bias
    divisor = np.float32(best_temperature(logits, targets.rows(known)))
    none = np.zeros(len(head.labels), np.float32)
    return Head(head.labels, head.link, head.weights / divisor, head.bias / divisor, none)


def _themes(head: Head, read: Sequence[Matrix], held: Sequence[Example]) -> Head:
    likeliest = np.stack([head.probabilities(rows).max(axis=0) for rows in read])
    known = [i for i, example in enumerate(held) if example.themes is not None]
    targets = theme_targets([held[i] for i in known])
    return _with(head, best_thresholds(likeliest[known], targets, SHARED))


def _thresholded(head: Head, vectors: Matrix, targets: Targets, held: Sequence[Example]) -> Head:
    known = np.flatnonzero([example.emotions is not None for example in held])
    probabilities = head.probabilities(vectors[known])
    return _with(head, best_thresholds(probabilities, targets.rows(known)))


def _urgency(head: Head, vectors: Matrix, held: Sequence[Example]) -> Head:
    targets = with_risks(held, urgency_targets(held))
    known = np.flatnonzero(targets.weight.max(axis=1))
    probabilities = head.probabilities(vectors[known])
    return _with(head, best_thresholds(probabilities, targets.rows(known)))


def withheld(head: Head) -> Head:
    """A head that finds nothing: better unsaid than often wrong."""
    return _with(head, np.full(len(head.labels), NEVER, np.float32))


def _with(head: Head, thresholds: NDArray[np.float32]) -> Head:
    return Head(head.labels, head.link, head.weights, head.bias, thresholds)
