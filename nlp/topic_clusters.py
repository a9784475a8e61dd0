"""Groups of comments that say alike things: average linkage on few, normalised columns."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import AgglomerativeClustering
from threadpoolctl import threadpool_limits

from nlp.topic_groups import APART, Labels, Matrix, Rows, large, reduced, settled, unit

MOST = 4_000
"""Comments that are clustered, drawn evenly by a fixed seed; the rest joins its nearest group."""
LEAST = 4
"""Comments a group has at least; the number grows with the square root of all."""
GROWTH = 0.3
SEED = 20261122


def clustered(vectors: Matrix) -> Labels:
    """A group number for each row, from 0 without gaps, or -1 for none.

    Computed by one thread: the matrices are small, and on a busy machine threads that wait for
    each other took a hundred times as long.
    """
    with threadpool_limits(limits=1):
        return _clustered(vectors)


def _clustered(vectors: Matrix) -> Labels:
    smallest = max(LEAST, round(GROWTH * min(len(vectors), MOST) ** 0.5))
    if len(vectors) < smallest:
        return np.full(len(vectors), -1, np.intp)
    rows = reduced(unit(vectors.astype(np.float64)))
    if not rows.any():  # all say the same
        return np.zeros(len(vectors), np.intp)
    drawn = np.arange(len(rows))
    if len(rows) > MOST:
        drawn = np.sort(np.random.default_rng(SEED).permutation(len(rows))[:MOST])
    found = np.full(len(rows), -1, np.intp)
    found[drawn] = large(_grouped(rows[drawn]), smallest)
    return settled(rows, found)


def _grouped(rows: Rows) -> Labels:
    alike = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=APART
    )
    labels: Labels = alike.fit_predict(rows)
    return labels
