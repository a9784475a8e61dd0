"""From which probability a label counts: the best F1 on comments the head has not seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlp.training.targets import Targets

Matrix = NDArray[np.float32]
GRID = np.arange(0.10, 0.85, 0.025, dtype=np.float32)
PRIOR = 2.0
"""Imagined misses of each kind, so that three lucky examples don't set a threshold."""


def best_thresholds(probabilities: Matrix, targets: Targets) -> Matrix:
    """One threshold a column: best weighted F1, ties to the one nearest to one half."""
    columns = range(probabilities.shape[1])
    chosen = [
        _best(probabilities[:, k], targets.wanted[:, k] > 0.5, targets.weight[:, k])
        for k in columns
    ]
    return np.array(chosen, np.float32)


def _best(probability: Matrix, wanted: NDArray[np.bool_], weight: Matrix) -> float:
    scores = []
    for threshold in GRID:
        found = probability >= threshold
        right = float(weight[found & wanted].sum())
        wrong = float(weight[found != wanted].sum())
        scores.append(2 * right / (2 * right + wrong + PRIOR))
    best = np.flatnonzero(np.isclose(scores, max(scores)))
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
