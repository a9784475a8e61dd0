"""From which probability a label counts: the best F1 on comments the head has not seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlp.training.targets import Targets

Matrix = NDArray[np.float32]
Double = NDArray[np.float64]
GRID = np.arange(0.10, 0.85, 0.025, dtype=np.float32)
PRIOR = 2.0
"""Imagined misses of each kind, so that three lucky examples don't set a threshold."""


def best_thresholds(probabilities: Matrix, targets: Targets, shared: float = 0.0) -> Matrix:
    """One threshold a column: best weighted F1, ties to the one nearest to one half.

    What all columns together would choose speaks in each as loud as `shared` wanted labels of its
    own, so that a column of few labels, or of labels from one trade, does not go its own way.
    """
    wanted = targets.wanted > 0.5
    counts = np.stack([_counts(probabilities >= t, wanted, targets.weight) for t in GRID])
    common = counts.sum(axis=2)
    labels = max(float((targets.weight * wanted).sum(dtype=np.float64)), 1.0)
    right, wrong = np.moveaxis(counts + (shared / labels) * common[:, :, None], 1, 0)
    scores = 2 * right / (2 * right + wrong + PRIOR)
    return np.array([_nearest_half(column) for column in scores.T], np.float32)


def _counts(found: NDArray[np.bool_], wanted: NDArray[np.bool_], weight: Matrix) -> Double:
    """How many were right and how many wrong, by column: 2 x columns."""
    each = [np.where(found & wanted, weight, 0), np.where(found != wanted, weight, 0)]
    return np.stack([one.sum(axis=0, dtype=np.float64) for one in each])


def _nearest_half(scores: Double) -> float:
    best = np.flatnonzero(np.isclose(scores, scores.max()))
    return float(GRID[best[np.argmin(np.abs(GRID[best] - 0.5))]])


def best_temperature(logits: Matrix, targets: Targets) -> float:
    """The divisor of the logits that makes softmax probabilities most honest (log loss)."""
    candidates = np.exp(np.linspace(-1.0, 1.0, 41))
    losses = [_log_loss(logits / np.float32(t), targets) for t in candidates]
    return float(candidates[int(np.argmin(losses))])


def _log_loss(logits: Matrix, targets: Targets) -> float:
    shifted = logits - logits.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -float((targets.weight * targets.wanted * logs).sum(dtype=np.float64))
