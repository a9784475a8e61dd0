"""Sums as columns: what each number is of, and what it counts, by places among names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.cells.items import Item, Items
from feedback.cells.packed import Numbers, parts_of
from feedback.cells.totals import Sums

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """Each number once, all columns (k,): `at` is a place in `touchpoints` (ids), `first` and
    `second` are places in `words`; see `Item`.
    """

    touchpoints: Sequence[int]
    words: Sequence[str]
    at: Numbers
    kind: Numbers
    first: Numbers
    second: Numbers
    value: Numbers

    @classmethod
    def of(cls, sums: Sums) -> Named:
        """The columns of sums."""
        touchpoints, words, keys, values = sums.columns()
        return cls(touchpoints, words, *parts_of(keys), values)

    def only(self, kept: Mask) -> Named:
        """These numbers alone."""
        columns = (self.at, self.kind, self.first, self.second, self.value)
        return Named(self.touchpoints, self.words, *(part[kept] for part in columns))

    def without(self, words: Collection[str]) -> Named:
        """Without what is of any of these words."""
        if not words:
            return self
        gone = np.array([word in words for word in self.words], np.bool_)
        return self.only(~(gone[self.first] | gone[self.second]))

    def items(self) -> Items:
        """The numbers by name."""
        columns = (self.at, self.kind, self.first, self.second, self.value)
        return {
            Item(self.touchpoints[at], kind, self.words[first], self.words[second]): value
            for at, kind, first, second, value in zip(
                *(part.tolist() for part in columns), strict=True
            )
        }


def items_of(packs: Iterable[bytes]) -> Items:
    """The sums of packs together."""
    sums = Sums()
    for pack in packs:
        sums.add(pack)
    return Named.of(sums).items()
