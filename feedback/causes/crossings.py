"""The voices by two attributes at once: every pair of values that enough of them have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.causes.draw import Unit
from feedback.causes.splits import Had
from feedback.statistics.concentration import Concentration, Split
from feedback.statistics.crossed import Crossed, Value
from feedback.statistics.metrics import SMALL_SCORE
from feedback.statistics.sums import Cell
from feedback.statistics.two_shares import Count

FEWEST = SMALL_SCORE
"""A pair is looked at if so many voices have both values, so many each alone, and neither."""
MOST = 2_000
"""Pairs that are looked at, those that most voices have."""
ALIKE = 0.5
"""Two places that share so much of the complaints in either are one."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Crossings:
    """The pairs that are looked at, and which complaints each value holds."""

    pairs: Sequence[Crossed]
    held: Mapping[Value, Mask]

    def apart(self, places: Iterable[Concentration]) -> list[Concentration]:
        """All places but pairs that are much the same as a told place above them."""
        kept: list[Concentration] = []
        for one in places:
            above = (other for other in kept if other.told and not {*other.parts} < {*one.parts})
            if not one.beside or not any(self._alike(one, other) for other in above):
                kept.append(one)
        return kept

    def _alike(self, one: Concentration, other: Concentration) -> bool:
        mine, theirs = (
            np.logical_and.reduce([self.held[part] for part in place.parts])
            for place in (one, other)
        )
        return int((mine & theirs).sum()) >= ALIKE * int((mine | theirs).sum())


def crossings(
    cell: Cell, units: Sequence[Unit], attributes: Mapping[str, Had], splits: Sequence[Split]
) -> Crossings:
    """Cross the values of these splits; by numbers of voices alone, whatever they complain of."""
    values = [Value(one.attribute, value) for one in splits for value in one.values]
    if not values:
        return Crossings((), {})
    said = np.array([unit.said for unit in units])
    had = np.array([_had(attributes[one.attribute], one.value) for one in values])
    known = {
        one.attribute: [has is not None for has in attributes[one.attribute]] for one in splits
    }
    asked = np.array([known[one.attribute] for one in values])
    n, complain = _tables(had, asked), _tables(had & said, asked & said)
    held = {value: row[said] for value, row in zip(values, had, strict=True)}
    found = [
        Crossed(
            cell, values[i], values[j], *map(Count, complain[:, i, j].tolist(), n[:, i, j].tolist())
        )
        for i, j in _chosen(values, n)
    ]
    return Crossings(found, held)


def _had(had: Had, value: str) -> list[bool]:
    return [has is not None and value in has for has in had]


def _tables(had: Mask, asked: Mask) -> NDArray[np.int64]:
    """How many have both, each alone, and neither: 4 tables of values by values.

    Of those of whom both attributes are known.
    """
    have, are = had.astype(np.float64), asked.astype(np.float64)
    both, one, whole = have @ have.T, have @ are.T, are @ are.T
    tables = np.stack([both, one - both, one.T - both, whole - one - one.T + both])
    return np.rint(tables).astype(np.int64)


def _chosen(values: Sequence[Value], n: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """The pairs of different attributes that enough voices have, the most frequent first."""
    names = np.array([one.attribute for one in values])
    enough = np.triu((n.min(axis=0) >= FEWEST) & (names[:, None] != names))
    first, second = np.nonzero(enough)
    for place in np.argsort(-n[0, first, second], kind="stable")[:MOST]:
        yield int(first[place]), int(second[place])
