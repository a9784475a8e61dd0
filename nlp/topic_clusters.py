"""Groups of comments that say alike things: average linkage on few, normalised columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering
from threadpoolctl import threadpool_limits

COLUMNS = 15
"""Directions of most variance that are kept; in more, distances tell less and take longer."""
MOST = 4_000
"""Comments that are clustered, drawn evenly by a fixed seed; the rest joins its nearest group."""
LEAST = 4
"""Comments a group has at least; the number grows with the square root of all."""
GROWTH = 0.3
APART = 0.35
"""Cosine distance, on average over pairs, up to which groups grow together."""
ALIKE = 0.85
"""Groups whose middles are as near as this cosine are one."""
TIGHT = 0.77
"""Cosine to the middle that half a group reaches: chance groups stay below, real ones above."""
JOINING = 0.25
CLOSE = 0.9
"""Who joins a group is this near to its middle, or as near as all but that part of its own."""
SEED = 20261122

Matrix = NDArray[np.float32]
Labels = NDArray[np.intp]


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
    rows = _reduced(unit(vectors.astype(np.float64)))
    if not rows.any():  # all say the same
        return np.zeros(len(vectors), np.intp)
    drawn = np.arange(len(rows))
    if len(rows) > MOST:
        drawn = np.sort(np.random.default_rng(SEED).permutation(len(rows))[:MOST])
    found = np.full(len(rows), -1, np.intp)
    found[drawn] = _grouped(rows[drawn], smallest)
    return _numbered(_joined(rows, _tight(rows, _merged(rows, found))))


def _grouped(rows: NDArray[np.floating], smallest: int) -> Labels:
    """Groups of at least so many rows, from 0 without gaps; -1 for rows in none."""
    alike = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=APART
    )
    labels: Labels = alike.fit_predict(rows)
    labels[np.bincount(labels)[labels] < smallest] = -1
    return _numbered(labels)


def unit(vectors: NDArray[np.floating]) -> NDArray[np.floating]:
    """Vectors of length one along the last axis; zero stays zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9))


def _reduced(rows: NDArray[np.floating]) -> NDArray[np.floating]:
    """The columns of most variance, each row of length one; all zero where rows don't differ."""
    centred = rows - rows.mean(axis=0)
    if float(np.abs(centred).max()) < 1e-6:
        return np.zeros((len(rows), 1))
    values, columns = np.linalg.eigh(centred.T @ centred)
    order = np.argsort(-values, kind="stable")[:COLUMNS]
    return unit(centred @ columns[:, order])


def _middles(rows: NDArray[np.floating], labels: Labels) -> NDArray[np.floating]:
    return unit(np.stack([rows[labels == k].mean(axis=0) for k in range(labels.max() + 1)]))


def _merged(rows: NDArray[np.floating], labels: Labels) -> Labels:
    """Groups that say the same made one, the nearest two first."""
    labels = labels.copy()
    while labels.max() > 0:
        middles = _middles(rows, labels)
        near = np.triu(middles @ middles.T, 1)
        first, second = divmod(int(near.argmax()), len(near))
        if near[first, second] < ALIKE:
            break
        labels[labels == second] = first
        labels[labels > second] -= 1
    return labels


def _tight(rows: NDArray[np.floating], labels: Labels) -> Labels:
    """Without the groups that chance alone would make."""
    labels = labels.copy()
    for k, middle in enumerate(_middles(rows, labels)) if labels.max() >= 0 else ():
        if np.median(rows[labels == k] @ middle) < TIGHT:
            labels[labels == k] = -1
    return _numbered(labels)


def _joined(rows: NDArray[np.floating], labels: Labels) -> Labels:
    """Rows of no group join the nearest one, where they are as near as most of its own."""
    if labels.max() < 0:
        return labels
    nearness = rows @ _middles(rows, labels).T
    usual = np.array(
        [np.quantile(nearness[labels == k, k], JOINING) for k in range(nearness.shape[1])]
    )
    nearest = nearness.argmax(axis=1)
    close = nearness[np.arange(len(rows)), nearest] >= np.minimum(usual, CLOSE)[nearest]
    return np.where((labels < 0) & close, nearest, labels)


def _numbered(labels: Labels) -> Labels:
    """Numbers by size, largest first; equally large by their first comment."""
    kept = [k for k in range(labels.max() + 1) if (labels == k).any()]
    order = sorted(kept, key=lambda k: (-int((labels == k).sum()), int((labels == k).argmax())))
    table = np.full(labels.max() + 2, -1, np.intp)
    for number, k in enumerate(order):
        table[k] = number
    return table[labels]
