"""Sums as two columns, codes and values; and whole sets of packs made from them, or opened.

A code is the number of a pack, times all that a pack may hold, and then the digits of one sum:
its touchpoint's place on the shelf, its kind, and the places of two words.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from feedback.cells.columns import Numbers, Places
from feedback.cells.packed import head_of, key_of, opened, pack, parts_of
from feedback.cells.read import SHELF

POINTS, KINDS = 1 << SHELF, 64
AT_ONCE = 2000
MOST = 0.5
Digits = tuple[Numbers, Numbers, Numbers, Numbers]


@dataclass(frozen=True, slots=True)
class Codes:
    """The digits of a code, where there are so many words."""

    words: int

    @property
    def kind(self) -> int:
        """How far a kind's codes are from those of the next."""
        return self.words**2

    @property
    def point(self) -> int:
        """How far a touchpoint's codes are from those of the next."""
        return KINDS * self.kind

    @property
    def pack(self) -> int:
        """How far a pack's codes are from those of the next."""
        return POINTS * self.point

    def digits(self, codes: Numbers) -> Digits:
        """The place on the shelf, the kind, and both words."""
        rest, second = np.divmod(codes % self.pack, self.words)
        rest, first = np.divmod(rest, self.words)
        point, kind = np.divmod(rest, KINDS)
        return point, kind, first, second


def opened_packs(packs: Sequence[tuple[int, bytes]], words: Places[str]) -> tuple[Numbers, Numbers]:
    """Numbered packs of one shelf as codes and values; `words` takes in theirs."""
    heads: dict[bytes, tuple[Numbers, Numbers]] = {}
    parts = [(number, *opened(one)) for number, one in packs]
    for _, head, *_ in parts:
        if head not in heads:
            names = json.loads(head)
            points = np.array(names["touchpoints"], np.int64) % POINTS
            heads[head] = points, np.fromiter(words.of(names["words"]), np.int64)
    codes = Codes(len(words))
    found = [_code(codes, number, *heads[head], keys) for number, head, keys, _ in parts]
    return np.concatenate(found), np.concatenate([values for *_, values in parts])


def _code(codes: Codes, number: int, points: Numbers, words: Numbers, keys: Numbers) -> Numbers:
    point, kind, first, second = parts_of(keys)
    start = number * codes.pack + points[point] * codes.point
    return start + kind * codes.kind + words[first] * codes.words + words[second]


def made_packs(
    codes: Numbers, values: Numbers, words: Sequence[str], shelves: Sequence[int]
) -> Iterator[tuple[int, bytes]]:
    """Codes in order, each once, as packs by number; pack n is of shelf n modulo their count."""
    each = Codes(len(words))
    numbers = codes // each.pack
    starts = np.flatnonzero(np.diff(numbers, prepend=-1))
    heads: dict[tuple[int, bytes, bytes], bytes] = {}
    for at in range(0, len(starts), AT_ONCE):
        ends = [*starts[at + 1 : at + AT_ONCE + 1].tolist(), len(codes)][:AT_ONCE]
        start = int(starts[at])
        here = slice(start, ends[-1])
        heard, said, keys = _named(each, codes[here], np.diff(ends, prepend=start))
        inside, found = values[here], numbers[starts[at : at + AT_ONCE]].tolist()
        for row, (number, end) in enumerate(zip(found, ends, strict=True)):
            shelf = shelves[number % len(shelves)]
            names = (shelf, heard[row].tobytes(), said[row].tobytes())
            if names not in heads:
                heads[names] = _head(shelf, heard[row].tolist(), said[row].tolist(), words)
            where = slice(start - here.start, end - here.start)
            yield number, pack(heads[names], keys[where], inside[where])
            start = end


def _named(
    each: Codes, codes: Numbers, sizes: Numbers
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], Numbers]:
    """Which touchpoints and words each pack names, and the keys by their places among these.

    A pack that names most of the words names all of them: then many packs begin alike.
    """
    row = np.repeat(np.arange(len(sizes)), sizes)
    point, kind, first, second = each.digits(codes)
    heard, said = np.zeros((len(sizes), POINTS), bool), np.zeros((len(sizes), each.words), bool)
    heard[row, point] = said[row, first] = said[row, second] = True
    every = said.any(axis=0)
    said |= every & (said.sum(axis=1, keepdims=True) > MOST * every.sum())
    points, words = np.cumsum(heard, axis=1) - 1, np.cumsum(said, axis=1) - 1
    keys = key_of(points[row, point], kind, words[row, first], words[row, second])
    return heard, said, keys


def _head(shelf: int, heard: Sequence[bool], said: Sequence[bool], words: Sequence[str]) -> bytes:
    touchpoints = range(shelf << SHELF, (shelf + 1) << SHELF)
    return head_of([*compress(touchpoints, heard)], [*compress(words, said)])
