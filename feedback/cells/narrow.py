"""Whole numbers in as few bytes each as hold them all."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

WIDTHS = {width: np.dtype(f"<i{width}") for width in (1, 2, 4, 8)}
"""Little-endian integers by how many bytes they have."""


def narrowed(values: NDArray[np.int64]) -> NDArray[Any]:
    """The same numbers, copied into the narrowest of these that holds them all."""
    least, most = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    ends = ((kind, 1 << (8 * width - 1)) for width, kind in WIDTHS.items())
    return values.astype(next(kind for kind, end in ends if -end <= least and most < end))
