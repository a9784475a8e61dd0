"""Linear heads on the encoder's vectors, in plain numpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Link = Literal["softmax", "sigmoid"]
Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """Logistic head: `weights` is width x labels; a sigmoid head has a threshold a label."""

    labels: tuple[str, ...]
    link: Link
    weights: Matrix
    bias: Matrix
    thresholds: Matrix

    def probabilities(self, vectors: Matrix) -> Matrix:
        """Rows of probabilities for rows of vectors; softmax rows sum to one."""
        logits = vectors @ self.weights + self.bias
        return softmax(logits) if self.link == "softmax" else sigmoid(logits)

    def above(self, row: Matrix) -> dict[str, float]:
        """The labels whose probability reaches their threshold, likeliest first."""
        chosen = [i for i in np.argsort(-row, kind="stable") if row[i] >= self.thresholds[i]]
        return {self.labels[i]: round(float(row[i]), 4) for i in chosen}


def softmax(logits: Matrix) -> Matrix:
    """Row-wise softmax, safe for large logits."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: Matrix = shifted / shifted.sum(axis=-1, keepdims=True)
    return result


def sigmoid(logits: Matrix) -> Matrix:
    """Element-wise logistic function, safe for large logits."""
    result: Matrix = np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)), dtype=logits.dtype)
    return result
