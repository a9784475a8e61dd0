"""Packs that are read again and again: what their numbers are of is looked up once.

Packs of one history hold numbers of much the same things. Each thing has a place among all that
packs of the same names were met with, and an opened pack is two columns, places and numbers: to
add up a year is to add numbers at their places.
"""

from __future__ import annotations

import json
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from feedback.cells.narrow import narrowed
from feedback.cells.packed import Names, Numbers, key_of, opened, parts_of

PACKS = 192
"""So many packs stay open in a process: those of a year under a few filters in turn. Some ten
kilobytes each; of a year of ten million responses up to four hundred."""
HEADS = 64
"""So many sets of names stay known."""
_NOWHERE = -1


class Known:
    """Every key that packs of the same names were met with, in the order they were met."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.keys = np.empty(0, np.int64)
        self._sorted = np.empty(0, np.int64)
        self._places = np.array([_NOWHERE], np.int64)
        self._lock = Lock()

    def places(self, keys: Numbers) -> Numbers:
        """The place of each of these keys, each given once; a key keeps its place for ever."""
        with self._lock:
            found = self._find(keys)
            new = found == _NOWHERE
            if new.any():
                self.keys = np.concatenate((self.keys, keys[new]))
                order = np.argsort(self.keys)
                self._sorted, self._places = self.keys[order], np.append(order, _NOWHERE)
                found = self._find(keys)
            return found

    def _find(self, keys: Numbers) -> Numbers:
        at = np.searchsorted(self._sorted, keys)
        same = np.append(self._sorted, _NOWHERE)[at] == keys
        return np.where(same, self._places[at], _NOWHERE)


class Part(NamedTuple):
    """An opened pack: its numbers, and their places among the keys that are known."""

    known: Known
    places: NDArray[Any]
    values: NDArray[Any]


@lru_cache(maxsize=PACKS)
def part_of(pack: bytes) -> Part:
    """A pack as what is known of it; its words in order, so that others name them alike."""
    head, keys, values = opened(pack)
    names = json.loads(head)
    words = sorted(names["words"])
    number = {word: place for place, word in enumerate(words)}
    new = np.array([number[word] for word in names["words"]], np.int64)
    touchpoint, kinds, first, second = parts_of(keys)
    known = _known(tuple(names["touchpoints"]), tuple(words))
    keys = key_of(touchpoint, kinds, new[first], new[second])
    return Part(known, narrowed(known.places(keys)), narrowed(values))


@lru_cache(maxsize=HEADS)
def _known(touchpoints: tuple[int, ...], words: tuple[str, ...]) -> Known:
    return Known({"touchpoints": list(touchpoints), "words": list(words)})
