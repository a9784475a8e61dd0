"""What a comment means as a whole, small enough to keep for each: to search by meaning.

A vector is kept in eight bits a number. For a first look at many there are codes: the signs of
256 fixed random projections, whose Hamming distance grows with the angle between two vectors
(Charikar 2002, "Similarity estimation techniques from rounding algorithms").
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

BITS = 256
CODE = BITS // 8
"""Bytes of a code."""
NAMED = 12
"""Characters of the encoder's SHA-256 that tell whose vectors can be compared."""

Matrix = NDArray[np.float32]
Codes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Meaning:
    """A vector in eight bits a number, and the encoder it is of; only like is compared."""

    encoder: str
    vector: bytes


def packed(vector: Matrix, weights: str) -> Meaning:
    """A vector (one row) as it is kept; `weights` is the SHA-256 of its encoder."""
    most = float(np.abs(vector).max(initial=0.0)) or 1.0
    return Meaning(weights[:NAMED], np.rint(vector / most * 127.0).astype(np.int8).tobytes())


def unpacked(vectors: Sequence[bytes]) -> Matrix:
    """Rows of length one, of vectors of one encoder; an empty one stays zero."""
    if not vectors:
        return np.zeros((0, 0), np.float32)
    rows = np.frombuffer(b"".join(vectors), np.int8).reshape(len(vectors), -1).astype(np.float32)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))


def codes(rows: Matrix) -> Codes:
    """A code of CODE bytes for each row."""
    if not len(rows):
        return np.zeros((0, CODE), np.uint8)
    return np.packbits(rows @ _directions(rows.shape[1]) > 0, axis=1)


def apart(many: Codes, one: Codes) -> NDArray[np.uint16]:
    """In how many bits each of many codes differs from one."""
    differ = np.bitwise_count(many.view(np.uint64) ^ one.view(np.uint64))
    total = np.zeros(len(differ), np.uint16)
    for column in differ.T:  # four sums of columns take a third of the time of a sum over rows
        total += column
    return total


@lru_cache(maxsize=4)
def _directions(width: int) -> Matrix:
    """Random signs, the same on every machine for good: stored codes rest on them."""
    drawn = hashlib.shake_256(b"waymark meaning").digest(width * BITS // 8)
    signs = np.unpackbits(np.frombuffer(drawn, np.uint8)).reshape(width, BITS)
    return np.asarray(signs, np.float32) * 2.0 - 1.0
