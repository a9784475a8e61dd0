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

PACKS = 64
"""So many packs stay open in a process, for whoever reads next: some hundred kilobytes each."""
_WORD = 20
_KIND_AT, _TOUCHPOINT_AT = 2 * _WORD, 2 * _WORD + 8
_WORDS, _KINDS = (1 << _WORD) - 1, 0xFF
_LENGTH = struct.Struct("<I")


class Sums:
    """Sums being added up, from packs and from items."""

    def __init__(self) -> None:
        self._touchpoints: dict[int, int] = {}
        self._words: dict[str, int] = {"": 0}
        self._keys: list[Numbers] = []
        self._values: list[Numbers] = []

    def add(
        self,
        pack: bytes,
        touchpoints: Collection[int] | None = None,
        kinds: NDArray[np.bool_] | None = None,
    ) -> None:
        """Add a pack, or what it has of these touchpoints and kinds (a mask of 256)."""
        names, keys, values = _unpacked(pack)
        kept = np.ones(len(keys), bool)
        if kinds is not None:
            kept &= kinds[(keys >> _KIND_AT) & _KINDS]
        if touchpoints is not None:
            wanted = np.array([one in touchpoints for one in names["touchpoints"]], bool)
            kept &= wanted[keys >> _TOUCHPOINT_AT]
        keys, values = keys[kept], values[kept]
        if len(keys):
            self._keys.append(self._renamed(keys, names))
            self._values.append(values)

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
        self._keys.append(np.array(keys, np.int64))
        self._values.append(np.fromiter(items.values(), np.int64, len(items)))

    def _total(self) -> tuple[Numbers, Numbers]:
        """Each key once, in order, with its sum; zeros are gone."""
        if not self._keys:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        keys, values = np.concatenate(self._keys), np.concatenate(self._values)
        order = np.argsort(keys, kind="stable")
        keys, values = keys[order], values[order]
        starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
        sums = np.add.reduceat(values, starts)
        kept = sums != 0
        return keys[starts][kept], sums[kept]

    def columns(self) -> tuple[list[int], list[str], Numbers, Numbers]:
        """The names of touchpoints and words by their places, the keys in order, the sums."""
        return list(self._touchpoints), list(self._words), *self._total()

    def pack(self) -> bytes:
        """The sums as one pack; empty bytes where there are none."""
        keys, values = self._total()
        if not len(keys):
            return b""
        return pack(head_of(list(self._touchpoints), list(self._words)), keys, values)


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
def _unpacked(pack: bytes) -> tuple[Names, Numbers, Numbers]:
    if not pack:
        return {"touchpoints": [], "words": []}, np.empty(0, np.int64), np.empty(0, np.int64)
    head, keys, values = opened(pack)
    return json.loads(head), keys, values
