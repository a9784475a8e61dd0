"""From probabilities by clause to the themes of a comment, and where each is spoken of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlp.heads import Head

Matrix = NDArray[np.float32]


def comment_themes(head: Head, rows: Matrix) -> dict[str, float]:
    """Themes of a comment: a theme counts as the likeliest of the whole and its clauses does."""
    return head.above(rows.max(axis=0))


def mentioned(head: Head, clause_rows: Matrix, clause: int, found: dict[str, float]) -> list[int]:
    """Indices of the comment's themes that this clause speaks of.

    A theme that only the whole comment shows goes to the clause where it is likeliest.
    """
    row = clause_rows[clause]
    indices = []
    for k, label in enumerate(head.labels):
        if label not in found:
            continue
        best = clause_rows[:, k]
        lonely = bool((best < head.thresholds[k]).all())
        if row[k] >= head.thresholds[k] or (lonely and int(best.argmax()) == clause):
            indices.append(k)
    return indices
