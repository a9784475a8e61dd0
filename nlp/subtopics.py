"""What a few hundred comments on one subject are about, in two to six groups.

The groups of emerging topics, made without scikit-learn: a page asks for them, and the web
process loads no more than numpy. Same comments, same groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlp.topic_groups import Labels, Matrix, Rows, central, large, reduced, settled, unit
from nlp.topic_words import named, telling_words

FEWEST = 30
"""Comments below which there are no groups worth a name."""
LEAST = 5
SHARE = 0.04
"""A group has so many comments at least, and this part of all."""
COLUMNS = 8
APART = 0.4
"""Fewer columns and a wider reach than emerging topics have: complaints of one theme lie close, and
with few comments each column more drives them apart. Random vectors still make no group.
"""
FROM, TO = 2, 6
"""So many groups are shown; one alone tells nothing that the subject itself doesn't."""


@dataclass(frozen=True, slots=True)
class Subtopic:
    """Its telling words, best first, and its members as indices, the most central first."""

    words: tuple[str, ...]
    members: tuple[int, ...]


def subtopics(texts: Sequence[str], vectors: Matrix) -> tuple[Subtopic, ...]:
    """The groups, largest first; none where comments are few or nothing holds them together.

    `vectors` has a row of any length for each text.
    """
    if len(texts) < FEWEST:
        return ()
    rows = reduced(unit(vectors.astype(np.float64)), COLUMNS)
    if not rows.any():  # all say the same
        return ()
    smallest = max(LEAST, round(SHARE * len(texts)))
    labels = settled(rows, large(average_linkage(rows, APART), smallest))
    words = telling_words(texts, labels)
    by_words: dict[frozenset[str], Subtopic] = {}
    for k, said in enumerate(words):
        key = frozenset(word.casefold() for word in said)
        known = by_words.get(key, Subtopic(said, ()))  # groups of one name are one group
        members = sorted((*known.members, *np.flatnonzero(labels == k).tolist()))
        if named(texts, members, said):
            by_words[key] = Subtopic(known.words, central(vectors, members))
    found = sorted(by_words.values(), key=lambda one: (-len(one.members), min(one.members)))
    return tuple(found[:TO]) if len(found) >= FROM else ()


def average_linkage(rows: Rows, apart: float) -> Labels:
    """Groups of unit rows whose cosine distance is below `apart` on average over pairs.

    The nearest two groups become one until none are near enough (Sokal & Michener 1958), as
    scikit-learn's AgglomerativeClustering does; time grows with the cube of the rows.
    """
    distances = 1.0 - rows @ rows.T
    np.fill_diagonal(distances, np.inf)
    labels, sizes = np.arange(len(rows)), np.ones(len(rows))
    while len(rows) > 1:
        one, other = divmod(int(distances.argmin()), len(rows))
        if distances[one, other] >= apart:
            break
        both = sizes[one] * distances[one] + sizes[other] * distances[other]
        sizes[one] += sizes[other]
        distances[one] = distances[:, one] = both / sizes[one]
        distances[one, one] = distances[other] = distances[:, other] = np.inf
        labels[labels == other] = one
    return np.unique(labels, return_inverse=True)[1].astype(np.intp)
