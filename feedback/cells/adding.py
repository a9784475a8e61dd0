"""Numbers added up by code: each code once, in order, with its sum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from feedback.cells.columns import Numbers

Coded = tuple[Numbers, Numbers]
"""Codes, and a number each."""
Parts = Iterator[Coded]


def joined(parts: Iterable[Coded]) -> Coded:
    """All codes and numbers of several parts."""
    listed = list(parts)
    if not listed:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return np.concatenate([one for one, _ in listed]), np.concatenate([one for _, one in listed])


def summed(codes: Numbers, values: Numbers) -> Coded:
    """Each code once, in order, with the sum of its values; zeros are gone."""
    (found, sums), *_ = added(codes, [values], 0)
    kept = sums != 0
    return found[kept], sums[kept]


def added(codes: Numbers, columns: Sequence[Numbers], step: int) -> Parts:
    """The sums of columns by code; those of each next column stand `step` further."""
    order = np.argsort(codes)
    ranked = codes[order]
    starts = np.flatnonzero(np.diff(ranked, prepend=-1))
    for place, column in enumerate(columns):
        sums = np.add.reduceat(column[order], starts) if len(starts) else column
        yield ranked[starts] + place * step, sums


def moments(codes: Numbers, values: Numbers, step: int) -> Parts:
    """How many values there are of each code, their sums and the sums of their squares."""
    yield from added(codes, [np.ones_like(values), values, values * values], step)


def times(codes: Numbers) -> Coded:
    """How often each code is there."""
    return np.unique(codes, return_counts=True)


def voices(codes: Numbers, who: Numbers) -> Coded:
    """How many different people, or things, are there at each code."""
    order = np.lexsort((who, codes))
    codes, who = codes[order], who[order]
    new = (np.diff(codes, prepend=-1) != 0) | (np.diff(who, prepend=-1) != 0)
    return times(codes[new])
