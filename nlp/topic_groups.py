"""What grouping comments is made of, whatever makes the first groups: columns, middles, joining."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

COLUMNS = 15
"""Directions of most variance that are kept; in more, distances tell less and take longer."""
APART = 0.35
"""Cosine distance, on average over pairs, up to which groups grow together."""
ALIKE = 0.85
"""Groups whose middles are as near as this cosine are one."""
TIGHT = 0.77
"""Cosine to the middle that half a group reaches: chance groups stay below, real ones above."""
JOINING = 0.25
CLOSE = 0.9
"""Who joins a group is this near to its middle, or as near as all but that part of its own."""

Matrix = NDArray[np.float32]
Rows = NDArray[np.floating]
Labels = NDArray[np.intp]


def large(labels: Labels, smallest: int) -> Labels:
    """Groups of at least so many rows, from 0 without gaps; -1 for rows in none."""
    kept = labels.copy()
    kept[np.bincount(labels)[labels] < smallest] = -1
    return numbered(kept)


def settled(rows: Rows, labels: Labels) -> Labels:
    """First groups of some rows made whole: like ones one, chance ones none, near rows joined."""
    return numbered(_joined(rows, _tight(rows, _merged(rows, labels))))


def central(vectors: Matrix, members: list[int]) -> tuple[int, ...]:
    """The members, those nearest their middle first."""
    rows = unit(vectors[members])
    nearness = np.round(rows @ unit(rows.mean(axis=0)), 6)
    return tuple(members[i] for i in np.argsort(-nearness, kind="stable"))


def unit(vectors: Rows) -> Rows:
    """Vectors of length one along the last axis; zero stays zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9))


def reduced(rows: Rows, most: int = COLUMNS) -> Rows:
    """The columns of most variance, each row of length one; all zero where rows don't differ."""
    centred = rows - rows.mean(axis=0)
    if float(np.abs(centred).max()) < 1e-6:
        return np.zeros((len(rows), 1))
    values, columns = np.linalg.eigh(centred.T @ centred)
    order = np.argsort(-values, kind="stable")[:most]
    return unit(centred @ columns[:, order])


def _middles(rows: Rows, labels: Labels) -> Rows:
    return unit(np.stack([rows[labels == k].mean(axis=0) for k in range(labels.max() + 1)]))


def _merged(rows: Rows, labels: Labels) -> Labels:
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


def _tight(rows: Rows, labels: Labels) -> Labels:
    """Without the groups that chance alone would make."""
    labels = labels.copy()
    for k, middle in enumerate(_middles(rows, labels)) if labels.max() >= 0 else ():
        if np.median(rows[labels == k] @ middle) < TIGHT:
            labels[labels == k] = -1
    return numbered(labels)


def _joined(rows: Rows, labels: Labels) -> Labels:
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


def numbered(labels: Labels) -> Labels:
    """Numbers by size, largest first; equally large by their first comment."""
    kept = [k for k in range(labels.max() + 1) if (labels == k).any()]
    order = sorted(kept, key=lambda k: (-int((labels == k).sum()), int((labels == k).argmax())))
    table = np.full(labels.max() + 2, -1, np.intp)
    for number, k in enumerate(order):
        table[k] = number
    return table[labels]
