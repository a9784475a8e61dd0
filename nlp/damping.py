"""Damp the directions in which all comments of a workspace vary, so that what sets few apart shows.

A whitening of low rank: full whitening of 384 columns from few comments would amplify noise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nlp.packing import unpacked

COMMON = 32
"""Directions that are damped."""
SHRINK = 0.6
"""How far their spread is drawn to the average first; 1 would damp nothing."""

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Damping:
    """The mean of ordinary vectors, the directions they vary in most, and how much goes of each."""

    NAMES: ClassVar[tuple[str, ...]] = ("mean", "directions", "share")
    mean: Matrix
    directions: Matrix
    share: Matrix

    def applied(self, vectors: Matrix) -> Matrix:
        """Rows of vectors, centred and damped; float32."""
        centred = vectors - self.mean
        common = (centred @ self.directions.T) * self.share
        return np.asarray(centred - common @ self.directions, np.float32)

    def arrays(self) -> dict[str, Matrix]:
        """Its arrays by name."""
        return {name: getattr(self, name) for name in self.NAMES}

    @classmethod
    def of(cls, stored: Mapping[str, Any], width: int) -> Damping:
        """From packed arrays of one width; ValueError where they don't fit together."""
        share = unpacked(stored["share"], None)
        directions = unpacked(stored["directions"], (len(share), width))
        return cls(unpacked(stored["mean"], (width,)), directions, share)


def damping(vectors: Matrix) -> Damping:
    """What is common in these rows; few or equal rows damp little or nothing."""
    mean = vectors.mean(axis=0, dtype=np.float64)
    centred = vectors - mean
    values, columns = np.linalg.eigh(centred.T @ centred / len(vectors))
    order = np.argsort(-values, kind="stable")[:COMMON]
    average = float(values.mean())
    rest = (1 - SHRINK) * (values.sum() - values[order].sum()) / max(1, len(values) - len(order))
    floor = SHRINK * average + 1e-12
    kept = np.sqrt((rest + floor) / ((1 - SHRINK) * values[order] + floor))
    return Damping(
        mean.astype(np.float32),
        np.ascontiguousarray(columns[:, order].T, np.float32),
        (1 - kept if average > 1e-9 else np.zeros(len(order))).astype(np.float32),
    )


def unit(vectors: Matrix) -> Matrix:
    """Vectors of length one along the last axis; zero stays zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Matrix = np.asarray(vectors / np.maximum(length, 1e-9), np.float32)
    return scaled
