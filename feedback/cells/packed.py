"""Sums packed into bytes, and added up without unpacking them one by one.

A pack is zlib of: the length of its names, the names (JSON: touchpoint ids and words), the keys
and the values, both as little-endian 64-bit integers. A key holds the places of its touchpoint
and its words among the names, and its kind. Zeros are left out.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from feedback.cells.items import Item

Numbers = NDArray[np.int64]
Name = TypeVar("Name", int, str)
Names = Mapping[str, list[Any]]
Keyed = tuple[Numbers, Numbers]
"""Keys, and a number each."""

PACKS = 64
"""So many packs stay open in a process, for whoever reads next: some hundred kilobytes each."""
_WORD = 20
_KIND_AT, _TOUCHPOINT_AT = 2 * _WORD, 2 * _WORD + 8
_WORDS, _KINDS = (1 << _WORD) - 1, 0xFF
_LENGTH = struct.Struct("<I")
_NONE = np.empty(0, np.int64)


class Sums:
    """Sums being added up, from packs and from items."""

    def __init__(self) -> None:
        self._touchpoints: dict[int, int] = {}
        self._words: dict[str, int] = {"": 0}
        self._named: dict[bytes, list[Keyed]] = {}
        self._keyed: list[Keyed] = []

    def add(
        self,
        pack: bytes,
        touchpoints: Collection[int] | None = None,
        kinds: NDArray[np.bool_] | None = None,
    ) -> None:
        """Add a pack, or what it has of these touchpoints and kinds (a mask of 256)."""
        if not pack:
            return
        head, keys, values = _unpacked(pack)
        kept = np.ones(len(keys), bool)
        if kinds is not None:
            kept &= kinds[(keys >> _KIND_AT) & _KINDS]
        if touchpoints is not None:
            names = json.loads(head)["touchpoints"]
            wanted = np.array([one in touchpoints for one in names], bool)
            kept &= wanted[keys >> _TOUCHPOINT_AT]
        if kept.any():
            self._named.setdefault(head, []).append((keys[kept], values[kept]))

    def _renamed(self, keys: Numbers, names: Names) -> Numbers:
        """The keys of a pack in our names."""
        places = [_place(self._touchpoints, one) for one in names["touchpoints"]]
        words = np.array([_place(self._words, one) for one in names["words"]], np.int64)
        touchpoint, kinds, first, second = parts_of(keys)
        touchpoints = np.array(places, np.int64)[touchpoint]
        return key_of(touchpoints, kinds, words[first], words[second])

    def add_items(self, items: Mapping[Item, int]) -> None:
        """Add sums that are not packed."""
        if not items:
            return
        keys = [
            (_place(self._touchpoints, one.touchpoint) << _TOUCHPOINT_AT)
            | (one.kind << _KIND_AT)
            | (_place(self._words, one.first) << _WORD)
            | _place(self._words, one.second)
            for one in items
        ]
        values = np.fromiter(items.values(), np.int64, len(items))
        self._keyed.append((np.array(keys, np.int64), values))

    def _total(self) -> Keyed:
        """Each key once, in order, with its sum; zeros are gone.

        Packs that name alike are in one order already and are added up first: that is quick.
        """
        parts = list(self._keyed)
        for head, alike in self._named.items():
            keys, values = _added(alike)
            parts.append((self._renamed(keys, json.loads(head)), values))
        keys, values = _added(parts) if parts else (_NONE, _NONE)
        kept = values != 0
        return keys[kept], values[kept]

    def columns(self) -> tuple[list[int], list[str], Numbers, Numbers]:
        """The names of touchpoints and words by their places, the keys in order, the sums."""
        keys, values = self._total()
        return list(self._touchpoints), list(self._words), keys, values

    def pack(self) -> bytes:
        """The sums as one pack; empty bytes where there are none."""
        touchpoints, words, keys, values = self.columns()
        return pack(head_of(touchpoints, words), keys, values) if len(keys) else b""


def _added(parts: Sequence[Keyed]) -> Keyed:
    """Each key once, in order, with its sum. Sorted parts are merged, which stable sorting does."""
    if len(parts) == 1 and bool((np.diff(parts[0][0]) > 0).all()):
        return parts[0]
    keys = np.concatenate([one for one, _ in parts])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    new = np.ones(len(keys), np.bool_)
    new[1:] = keys[1:] != keys[:-1]
    starts = np.flatnonzero(new)
    sums = np.add.reduceat(np.concatenate([one for _, one in parts])[order], starts)
    return keys[starts], sums


def head_of(touchpoints: Sequence[int], words: Sequence[str]) -> bytes:
    """Where a pack begins: the names by their places."""
    names = {"touchpoints": touchpoints, "words": words}
    head = json.dumps(names, separators=(",", ":"), ensure_ascii=False).encode()
    return _LENGTH.pack(len(head)) + head


def pack(head: bytes, keys: Numbers, values: Numbers) -> bytes:
    """A pack of keys, in order and each once, and the numbers they stand for."""
    body = [numbers.astype("<i8", copy=False).tobytes() for numbers in (keys, values)]
    return zlib.compress(b"".join((head, *body)), 1)


def pack_of(items: Mapping[Item, int]) -> bytes:
    """One pack of these sums."""
    sums = Sums()
    sums.add_items(items)
    return sums.pack()


def mask_of(kinds: Iterable[int]) -> NDArray[np.bool_]:
    """These kinds as the mask that `Sums.add` takes."""
    mask = np.zeros(_KINDS + 1, bool)
    mask[list(kinds)] = True
    return mask


def _place(known: dict[Name, int], name: Name) -> int:
    """The place of a name, a new one at the end."""
    return known.setdefault(name, len(known))


def key_of(touchpoints: Numbers, kinds: Numbers, first: Numbers, second: Numbers) -> Numbers:
    """Keys from the places of touchpoints, kinds, and the places of words."""
    return (touchpoints << _TOUCHPOINT_AT) | (kinds << _KIND_AT) | (first << _WORD) | second


def parts_of(keys: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """The places of touchpoints, kinds, and the places of words that keys are made of."""
    kinds = (keys >> _KIND_AT) & _KINDS
    return keys >> _TOUCHPOINT_AT, kinds, (keys >> _WORD) & _WORDS, keys & _WORDS


def opened(pack: bytes) -> tuple[bytes, Numbers, Numbers]:
    """A pack's names as they are written, its keys, and its numbers."""
    data = zlib.decompress(pack)
    start = _LENGTH.size + _LENGTH.unpack_from(data)[0]
    numbers = np.frombuffer(data, "<i8", offset=start)
    half = len(numbers) // 2
    return data[_LENGTH.size : start], numbers[:half], numbers[half:]


@lru_cache(maxsize=PACKS)
def _unpacked(pack: bytes) -> tuple[bytes, Numbers, Numbers]:
    """The same with the words in order, so that packs of the same words name them alike."""
    head, keys, values = opened(pack)
    names = json.loads(head)
    words = sorted(names["words"])
    if words == names["words"]:
        return head, keys, values
    places = {word: place for place, word in enumerate(words)}
    new = np.array([places[word] for word in names["words"]], np.int64)
    touchpoint, kinds, first, second = parts_of(keys)
    keys = key_of(touchpoint, kinds, new[first], new[second])
    order = np.argsort(keys)
    return head_of(names["touchpoints"], words)[_LENGTH.size :], keys[order], values[order]
