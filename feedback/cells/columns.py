"""Rows of a query as columns of whole numbers; words stand at the place they were first met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select
from sqlalchemy.orm import Session

Numbers = NDArray[np.int64]
Name = TypeVar("Name", int, str, float)

AT_ONCE = 20_000
"""So many rows are Python's own objects at once."""


class Places(dict[Name, int]):
    """The places of names, those given first; a new one goes to the end."""

    def __init__(self, *first: Name) -> None:
        super().__init__()
        for name in first:
            self[name] = len(self)

    def __missing__(self, name: Name) -> int:
        self[name] = place = len(self)
        return place

    def of(self, names: Iterable[Name]) -> Iterator[int]:
        """Their places."""
        return map(self.__getitem__, names)


def columns(
    session: Session, query: Select[*tuple[Any, ...]], *named: Places[Any] | None
) -> list[Numbers]:
    """The columns of a query: numbers as they are where `named` has None, else their places."""
    parts: list[list[Numbers]] = [[] for _ in named]
    # the connection's own rows: the session would make each of them anew
    for rows in session.connection().execute(query).partitions(AT_ONCE):
        for place, column in enumerate(zip(*rows, strict=True)):
            parts[place].append(_numbers(column, named[place]))
    return [np.concatenate(part) if part else np.empty(0, np.int64) for part in parts]


def _numbers(column: Sequence[Any], places: Places[Any] | None) -> Numbers:
    if places is None:
        return np.array(column, np.int64)
    return np.fromiter(places.of(column), np.int64, len(column))


def matched(one: Numbers, other: Numbers) -> tuple[Numbers, Numbers]:
    """All pairs of equal numbers, as their places in `one` and in `other`."""
    order = np.argsort(other, kind="stable")
    ranked = other[order]
    first = np.searchsorted(ranked, one, side="left")
    counts = np.searchsorted(ranked, one, side="right") - first
    left = np.repeat(np.arange(len(one)), counts)
    # how far each pair is into the run of its number
    into = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
    return left, order[np.repeat(first, counts) + into]
