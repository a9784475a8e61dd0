"""From probabilities by clause to the themes of a comment, and where each is spoken of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nlp.heads import Finds
from nlp.reading import Mention

Matrix = NDArray[np.float32]


def comment_themes(head: Finds, rows: Matrix) -> dict[str, float]:
    """Themes of a comment: a theme counts as the likeliest of the whole and its clauses does."""
    return head.above(rows.max(axis=0))


def mentioned(head: Finds, clause_rows: Matrix, clause: int, found: dict[str, float]) -> list[int]:
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


def joined(mentions: Sequence[Mention], gap: int = 2) -> tuple[Mention, ...]:
    """Neighbouring mentions of one theme and sentiment as one; its score is their mean by length.

    `gap` is how many characters may lie between neighbours.
    """
    found: list[Mention] = []
    for mention in mentions:
        place = _neighbour(found, mention, gap)
        if place is None:
            found.append(mention)
        else:
            found[place] = _merged(found[place], mention)
    return tuple(sorted(found, key=lambda one: one.start))


def _neighbour(found: Sequence[Mention], new: Mention, gap: int) -> int | None:
    for place in range(len(found) - 1, -1, -1):
        old = found[place]
        same = (old.theme, old.sentiment) == (new.theme, new.sentiment)
        if same and 0 <= new.start - old.end <= gap:
            return place
    return None


def _merged(first: Mention, second: Mention) -> Mention:
    weights = (first.end - first.start, second.end - second.start)
    total = first.sentiment_score * weights[0] + second.sentiment_score * weights[1]
    score = round(total / sum(weights), 4)
    return replace(first, end=second.end, sentiment_score=score)
