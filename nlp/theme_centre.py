"""The centre of a theme among examples, and where on the way to it the theme begins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.damping import unit

OWN_WORDS = 1.0
"""How many examples the name and the sentence count for."""
WHOLE = 0.5
"""How much of an example's whole stands beside the clause of it that shows the theme best."""
TURNS = 3
AGAINST = 0.3
"""How far counter-examples push the centre away."""
EXAMPLES_SHARE = 0.6
RARE = 2.5
"""The cut lies between the examples and this many deviations above an ordinary comment."""

Matrix = NDArray[np.float32]
Scores = NDArray[np.floating]


def score(rows: Matrix, centre: Matrix) -> float:
    """How near a comment is to a centre: as near as the nearest of its whole and clauses."""
    return float((rows @ centre).max())


def centre_of(had: Sequence[Matrix], lacking: Sequence[Matrix], said: Matrix) -> Matrix:
    """The middle of what the examples share, each a matrix of unit rows, and what is said of it.

    Which clause of an example shows the theme is found in turns.
    """
    centre = unit(said + unit(np.mean([rows[0] for rows in had], axis=0)))
    for _ in range(TURNS):
        best = [rows[int((rows @ centre).argmax())] + WHOLE * rows[0] for rows in had]
        centre = unit(unit(np.stack(best)).sum(axis=0) + OWN_WORDS * said)
    if lacking:
        near = [rows[int((rows @ centre).argmax())] for rows in lacking]
        centre = unit(centre - AGAINST * np.mean(near, axis=0))
    return centre


def cut_of(left_out: Scores, usual: Scores, lacking: Sequence[float]) -> float:
    """Where the theme begins; above the counter-examples, unless half the examples would go.

    `left_out` scores each example by the others, `usual` the background.
    """
    rare = usual.mean() + RARE * usual.std()
    cut = EXAMPLES_SHARE * left_out.mean() + (1 - EXAMPLES_SHARE) * rare
    highest = max((score + 1e-4 for score in lacking), default=cut)
    return float(max(cut, min(highest, np.median(left_out))))
