"""Arrays as text for JSON: little-endian float32 in base64, with their shape."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


def packed(array: Matrix) -> dict[str, Any]:
    """The array as JSON can hold it."""
    data = np.ascontiguousarray(array, "<f4").tobytes()
    return {"shape": list(array.shape), "data": base64.b64encode(data).decode("ascii")}


def unpacked(stored: Mapping[str, Any], shape: tuple[int, ...] | None) -> Matrix:
    """The array of `packed`, of this shape (None: any vector); ValueError where it is not."""
    found = tuple(int(size) for size in stored["shape"])
    numbers = np.frombuffer(base64.b64decode(stored["data"], validate=True), "<f4")
    wrong = len(found) != 1 if shape is None else found != shape
    if wrong or min(found, default=-1) < 0 or numbers.size != np.prod(found):
        raise ValueError(f"an array of shape {found}")
    if not np.isfinite(numbers).all():
        raise ValueError("a number that is not finite")
    return numbers.reshape(found).astype(np.float32)
