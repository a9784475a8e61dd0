"""A head learned anew near another one: logistic regression with a Gaussian prior around it.

The most likely weights given the rows and the prior (MAP): few rows leave the head as it was, many
move it. It moves only along the directions in which the comments differ most, which is quicker and
no worse than along all 384.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from nlp.heads import Head, sigmoid

DIRECTIONS = 64
FREE_BIAS = 0.05
"""How strongly the bias is held, beside a weight."""
SPREAD = 384.0
"""The variance of coordinates in all, so that a strength means the same for every encoder."""
TURNS = 100

Matrix = NDArray[np.float32]
Exact = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What to learn: vectors, the probabilities wanted of each label, and how much each counts.

    All have a row for each vector; a weight of 0 means that nobody knows. `groups` tells which
    comment a row is of. A softmax head's weights are the same in all of a row.
    """

    vectors: Matrix
    wanted: Matrix
    weight: Matrix
    groups: NDArray[np.int64]

    def only(self, chosen: NDArray[np.bool_]) -> Rows:
        """Some of the rows."""
        wanted, weight = self.wanted[chosen], self.weight[chosen]
        return Rows(self.vectors[chosen], wanted, weight, self.groups[chosen])

    def of(self, columns: Sequence[int]) -> Rows:
        """Some of the labels."""
        chosen = list(columns)
        return replace(self, wanted=self.wanted[:, chosen], weight=self.weight[:, chosen])

    def exact(self) -> tuple[Exact, Exact]:
        """What is wanted and how much it counts, in double precision."""
        return self.wanted.astype(np.float64), self.weight.astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """Where vectors differ: their mean, the directions of their spread, and its size."""

    mean: Matrix
    directions: Matrix
    size: float

    @classmethod
    def of(cls, vectors: Matrix) -> Space:
        """The space of these rows; equal rows give one without directions."""
        mean = vectors.mean(axis=0)
        centred = (vectors - mean).astype(np.float64)
        values, columns = np.linalg.eigh(centred.T @ centred / len(vectors))
        largest = np.argsort(-values, kind="stable")[:DIRECTIONS]
        largest = largest[values[largest] > 1e-9]
        size = float(np.sqrt(max(values.sum(), 1e-9) / SPREAD))
        return cls(mean, np.ascontiguousarray(columns[:, largest].T, np.float32), size)

    def coordinates(self, vectors: Matrix) -> Exact:
        """Rows of coordinates, and a one for the bias."""
        found = (vectors - self.mean) @ self.directions.T / self.size
        return np.hstack([found, np.ones((len(found), 1))]).astype(np.float64)

    def moved(self, head: Head, steps: Exact, columns: Sequence[int]) -> Head:
        """The head with steps in these coordinates added to some columns."""
        weights, bias = head.weights.astype(np.float64), head.bias.astype(np.float64)
        turned = self.directions.T.astype(np.float64) @ steps[:-1] / self.size
        weights[:, columns] += turned
        bias[columns] += steps[-1] - self.mean.astype(np.float64) @ turned
        moved = (weights.astype(np.float32), bias.astype(np.float32))
        return replace(head, weights=moved[0], bias=moved[1])


def fitted(head: Head, rows: Rows, movable: Sequence[int], strength: float, space: Space) -> Head:
    """The head after these rows; labels that are not `movable` (by column) stay bit for bit.

    `strength` is how strongly the prior holds: the number of comments that must speak for a move.
    """
    if not len(movable) or not len(rows.vectors):
        return head
    given = space.coordinates(rows.vectors)
    part, columns = _narrowed(head, movable)
    start = _logits(part, rows.vectors)
    wanted, weight = rows.of(columns).exact()
    held = np.ones((given.shape[1], 1))
    held[-1] = FREE_BIAS
    steps_at = [columns.index(k) for k in movable]
    shape = (given.shape[1], len(steps_at))

    def cost(flat: Exact) -> tuple[float, Exact]:
        steps = flat.reshape(shape)
        logits = start.copy()
        logits[:, steps_at] += given @ steps
        lost, slope = _losses(part, logits, wanted, weight)
        pulled = strength * held * steps
        upward = given.T @ slope[:, steps_at] + pulled
        return float(lost.sum() + (steps * pulled).sum() / 2), upward.ravel()

    zero = np.zeros(shape[0] * shape[1])
    options = {"maxiter": TURNS, "ftol": 1e-7}
    found = minimize(cost, zero, jac=True, method="L-BFGS-B", options=options)
    return space.moved(head, found.x.reshape(shape), list(movable))


def _narrowed(head: Head, movable: Sequence[int]) -> tuple[Head, list[int]]:
    """The columns that matter: of a sigmoid head those that move, of a softmax head all."""
    if head.link == "softmax":
        return head, list(range(len(head.labels)))
    return columns_of(head, movable), list(movable)


def columns_of(head: Head, columns: Sequence[int]) -> Head:
    """A head of some of the labels."""
    chosen = list(columns)
    labels = tuple(head.labels[k] for k in chosen)
    parts = (head.weights[:, chosen], head.bias[chosen], head.thresholds[chosen])
    return Head(labels, head.link, *parts)


def costs(head: Head, rows: Rows, movable: Sequence[int]) -> Exact:
    """What a head costs on each row, over the columns that may move: rows x 2.

    First the weighted cross-entropy, then the weighted number of decisions that are wrong; where
    a row holds probabilities, the decision that they call for is right.
    """
    part, columns = _narrowed(head, movable)
    wanted, weight = rows.of(columns).exact()
    logits = _logits(part, rows.vectors)
    lost = _losses(part, logits, wanted, weight)[0].sum(axis=1)
    if part.link == "softmax":
        missed = weight[:, 0] * (logits.argmax(axis=1) != wanted.argmax(axis=1))
    else:
        found = sigmoid(logits.astype(np.float32)) >= part.thresholds
        missed = (weight * (found != (wanted >= part.thresholds))).sum(axis=1)
    return np.stack([lost, missed], axis=1)


def _logits(head: Head, vectors: Matrix) -> Exact:
    return (vectors @ head.weights + head.bias).astype(np.float64)


def _losses(head: Head, logits: Exact, wanted: Exact, weight: Exact) -> tuple[Exact, Exact]:
    """The cross-entropy of each row, by label where labels stand alone; its slope in the logits."""
    if head.link == "softmax":
        highest = logits.max(axis=1, keepdims=True)
        raised = np.exp(logits - highest)
        total = raised.sum(axis=1, keepdims=True)
        each = weight[:, :1] * (
            highest + np.log(total) - (wanted * logits).sum(axis=1, keepdims=True)
        )
        return each, weight * (raised / total - wanted)
    each = weight * (np.logaddexp(0.0, logits) - wanted * logits)
    return each, weight * (0.5 * (1.0 + np.tanh(0.5 * logits)) - wanted)
