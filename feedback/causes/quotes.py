"""Quotes of four kinds: typical, different, newest and strongest, none of them twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from feedback.causes.said import Comments, Told
from feedback.reporting.evidence import READABLE, shortened
from nlp.topic_words import subjects

SHOWN = 2
NEAR = 0.8
"""Cosine from which two quotes say the same."""

Matrix = NDArray[np.float64]


class Kind(StrEnum):
    """Why a quote was chosen."""

    TYPICAL = "typical"
    DIFFERENT = "different"
    NEWEST = "newest"
    STRONGEST = "strongest"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A quote without personal data, and why it was chosen."""

    kind: Kind
    comment_id: int
    response_id: int | None
    text: str
    at: datetime
    score: float


def chosen(comments: Comments) -> list[Chosen]:
    """Up to two quotes of each kind; the same comments give the same quotes.

    The newest and the strongest are what they are, so they are taken before the typical.
    """
    pool = _once((*comments.told, *comments.latest))
    vectors = _vectors([one.text for one in pool])
    taken: list[int] = []
    found: list[Chosen] = []
    for kind in SHOWN * (Kind.NEWEST, Kind.STRONGEST, Kind.TYPICAL, Kind.DIFFERENT):
        place = _best(kind, pool, vectors, taken)
        if place is not None:
            taken.append(place)
            found.append(_as(kind, pool[place]))
    return found


def _once(told: Iterable[Told]) -> list[Told]:
    """Each text once, however often it was said."""
    by_text: dict[str, Told] = {}
    for one in told:
        by_text.setdefault(one.text_hash, one)
    return list(by_text.values())


def _vectors(texts: Sequence[str]) -> Matrix:
    """Each comment's telling words, weighed by how few comments hold them; rows of length 1."""
    mine = [[term for term in subjects(text) if len(term) == 1] for text in texts]
    columns = {term: at for at, term in enumerate(sorted({t for terms in mine for t in terms}))}
    vectors = np.zeros((len(texts), max(1, len(columns))))
    for row, terms in enumerate(mine):
        vectors[row, [columns[term] for term in terms]] = 1.0
    vectors *= np.log1p(len(texts) / np.maximum(1.0, vectors.sum(axis=0)))
    return np.asarray(vectors / np.maximum(1e-12, np.linalg.norm(vectors, axis=1, keepdims=True)))


def _best(kind: Kind, pool: Sequence[Told], vectors: Matrix, taken: Sequence[int]) -> int | None:
    """The comment that suits a kind best and says what no chosen one says yet."""
    if not pool:
        return None
    near = vectors @ vectors[list(taken)].T if taken else np.zeros((len(pool), 1))
    nearness = np.round(near.max(axis=1), 6)
    central = np.round(vectors @ vectors.mean(axis=0), 6)
    keys: Mapping[Kind, Callable[[int], float]] = {
        Kind.TYPICAL: lambda i: -float(central[i]),
        Kind.STRONGEST: lambda i: pool[i].score,
        Kind.NEWEST: lambda i: -pool[i].at.timestamp(),
        Kind.DIFFERENT: lambda i: float(nearness[i]),
    }
    left = [i for i in range(len(pool)) if i not in taken and nearness[i] < NEAR]
    unhandy = [not READABLE[0] <= len(one.text) <= READABLE[1] for one in pool]
    return min(left, key=lambda i: (unhandy[i], keys[kind](i), pool[i].id), default=None)


def _as(kind: Kind, one: Told) -> Chosen:
    return Chosen(kind, one.id, one.response_id, shortened(one), one.at, one.score)
