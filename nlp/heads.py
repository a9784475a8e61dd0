"""Linear heads on the encoder's vectors, in plain numpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Link = Literal["softmax", "sigmoid"]
Matrix = NDArray[np.float32]


class Finds(Protocol):
    """Finds labels in vectors, each from its threshold on: a head, or themes of one's own."""

    @property
    def labels(self) -> tuple[str, ...]:
        """What can be found."""

    @property
    def thresholds(self) -> Matrix:
        """From which probability on a label is found, one a label."""

    def probabilities(self, vectors: Matrix) -> Matrix:
        """Rows of probabilities, a column a label, for rows of vectors."""

    def above(self, row: Matrix) -> dict[str, float]:
        """The labels of a row that reach their thresholds, likeliest first."""


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
        return above(self.labels, self.thresholds, row)


def above(labels: tuple[str, ...], thresholds: Matrix, row: Matrix) -> dict[str, float]:
    """The labels whose probability reaches their threshold, likeliest first."""
    chosen = [i for i in np.argsort(-row, kind="stable") if row[i] >= thresholds[i]]
    return {labels[i]: round(float(row[i]), 4) for i in chosen}


def softmax(logits: Matrix) -> Matrix:
    """Row-wise softmax, safe for large logits."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: Matrix = shifted / shifted.sum(axis=-1, keepdims=True)
    return result


def sigmoid(logits: Matrix) -> Matrix:
    """Element-wise logistic function, safe for large logits."""
    result: Matrix = np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)), dtype=logits.dtype)
    return result
