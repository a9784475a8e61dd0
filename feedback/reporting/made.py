"""Things that are made as they are looked at: of a thousand rows, a page shows some dozens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar, overload

S = TypeVar("S")
T = TypeVar("T")


class Made(Sequence[T], Generic[S, T]):
    """What `make` makes of each of some things, each time it is asked for."""

    def __init__(self, of: Sequence[S], make: Callable[[S], T]) -> None:
        self.of, self._make = of, make

    def __len__(self) -> int:
        return len(self.of)

    def __iter__(self) -> Iterator[T]:
        return map(self._make, self.of)

    def again(self, of: Sequence[S]) -> Made[S, T]:
        """The same made of other things: some of these, or in another order."""
        return Made(of, self._make)

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...

    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, slice):
            return self.again(self.of[place])
        return self._make(self.of[place])
