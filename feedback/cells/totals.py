"""Sums being added up, from packs without unpacking them one by one, and from items."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from feedback.cells.items import Item
from feedback.cells.known import Known, part_of
from feedback.cells.packed import (
    Names,
    Numbers,
    head_of,
    kept_of,
    key_of,
    opened,
    pack,
    parts_of,
)

Name = TypeVar("Name", int, str)
Keyed = tuple[Numbers, Numbers]
"""Keys, and a number each."""
_NONE = np.empty(0, np.int64)


class Sums:
    """Sums being added up."""

    def __init__(self) -> None:
        self._touchpoints: dict[int, int] = {}
        self._words: dict[str, int] = {"": 0}
        self._keyed: list[Keyed] = []

    def add(self, pack: bytes, touchpoints: Collection[int] | None = None) -> None:
        """Add a pack, or what it has of these touchpoints."""
        if not pack:
            return
        head, keys, values = opened(pack)
        names = json.loads(head)
        self._keep(keys, values, names, kept_of(keys, names, touchpoints, None))

    def add_known(
        self,
        packs: Iterable[bytes],
        touchpoints: Collection[int] | None = None,
        kinds: NDArray[np.bool_] | None = None,
    ) -> None:
        """Add what packs, which are read again and again, have of these touchpoints and kinds."""
        totals: dict[Known, Numbers] = {}
        for known, places, values in map(part_of, filter(None, packs)):
            total = totals.get(known, _NONE)
            if len(total) < len(known.keys):
                totals[known] = total = _longer(total, len(known.keys))
            total[places] += values
        for known, total in totals.items():
            keys = known.keys[: len(total)]
            kept = kept_of(keys, known.names, touchpoints, kinds) & (total != 0)
            self._keep(keys, total, known.names, kept)

    def _keep(self, keys: Numbers, values: Numbers, names: Names, kept: NDArray[np.bool_]) -> None:
        """Add what is kept of the keys of some names; where nothing is, not their names either."""
        if kept.any():
            self._keyed.append((self._renamed(keys[kept], names), values[kept]))

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
        columns = np.array(
            [
                (
                    _place(self._touchpoints, one.touchpoint),
                    one.kind,
                    _place(self._words, one.first),
                    _place(self._words, one.second),
                )
                for one in items
            ],
            np.int64,
        ).T
        values = np.fromiter(items.values(), np.int64, len(items))
        self._keyed.append((key_of(*columns), values))

    def columns(self) -> tuple[list[int], list[str], Numbers, Numbers]:
        """The names of touchpoints and words by their places, the keys in order, the sums."""
        keys, values = _added(self._keyed) if self._keyed else (_NONE, _NONE)
        kept = values != 0
        return list(self._touchpoints), list(self._words), keys[kept], values[kept]

    def pack(self) -> bytes:
        """The sums as one pack; empty bytes where there are none."""
        touchpoints, words, keys, values = self.columns()
        return pack(head_of(touchpoints, words), keys, values) if len(keys) else b""


def pack_of(items: Mapping[Item, int]) -> bytes:
    """One pack of these sums."""
    sums = Sums()
    sums.add_items(items)
    return sums.pack()


def _place(known: dict[Name, int], name: Name) -> int:
    """The place of a name, a new one at the end."""
    return known.setdefault(name, len(known))


def _longer(numbers: Numbers, size: int) -> Numbers:
    """The same numbers with zeros behind them."""
    return np.concatenate((numbers, np.zeros(size - len(numbers), np.int64)))


def _added(parts: Sequence[Keyed]) -> Keyed:
    """Each key once, in order, with its sum. Sorted parts are merged, which stable sorting does."""
    keys = np.concatenate([one for one, _ in parts])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    new = np.ones(len(keys), np.bool_)
    new[1:] = keys[1:] != keys[:-1]
    starts = np.flatnonzero(new)
    sums = np.add.reduceat(np.concatenate([one for _, one in parts])[order], starts)
    return keys[starts], sums
