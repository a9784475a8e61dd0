"""Filters of triggers made ready for many events: each read once, each fact looked up once."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol, TypeVar

from surveys.comparisons import ORDERING, Ordinal, ordinal, run
from surveys.conditions import AllOf, AnyOf, Filter, Not, Test, parse_filter, tests
from surveys.contexts import CustomerFacts, EventFacts, customer_facts, event_facts
from surveys.counted import UNLIKE
from surveys.wording import lookup

KEPT = 4096
"""So many filters are kept ready in a process, of all workspaces."""
_SIGNS = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}


class Happening(Mapping[str, object]):
    """What filters may ask of one event and its customer; what none asks is never made.

    The event's properties by their names, `event` and `customer` with all that is theirs.
    """

    def __init__(self, event: EventFacts, customer: CustomerFacts) -> None:
        self._event, self._customer = event, customer
        self._found: dict[str, object] = {}
        self._ordinals: dict[str, Ordinal | None] = {}

    @cached_property
    def _named(self) -> dict[str, dict[str, object]]:
        return {"event": event_facts(self._event), "customer": customer_facts(self._customer)}

    def __getitem__(self, key: str) -> object:
        return self._named[key] if key in ("event", "customer") else self._event.properties[key]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._event.properties, **self._named})

    def __len__(self) -> int:
        return len(self._event.properties.keys() | self._named.keys())

    def at(self, path: str) -> object:
        """The value at a dotted path, None where there is none."""
        try:
            return self._found[path]
        except KeyError:
            found = self._found[path] = lookup(self, path)
            return found

    def ordinal(self, path: str) -> Ordinal | None:
        """The value at a path as what has an order; None where it is neither number nor time."""
        try:
            return self._ordinals[path]
        except KeyError:
            found = self._ordinals[path] = ordinal(self.at(path))
            return found


Holds = Callable[[Happening], bool]


@dataclass(frozen=True, slots=True)
class Matcher:
    """A filter ready to be asked."""

    holds: Holds
    ordering: tuple[tuple[str, Ordinal | None], ...]

    def unlike(self, seen: Happening) -> bool:
        """Whether it asks for an order of things that have none, such as "abc" and 5."""
        for path, wanted in self.ordering:
            if not _alike(seen.ordinal(path), wanted) and seen.at(path) is not None:
                return True
        return False


class Asking(Protocol):
    """The part of a trigger's row that says what it wants."""

    @property
    def key(self) -> str:
        """What it is called."""

    @property
    def filter(self) -> str | None:
        """Its filter as the row holds it, in JSON."""


Wanted = TypeVar("Wanted", bound=Asking)


def set_off(
    triggers: Iterable[Wanted],
    event: EventFacts,
    customer: CustomerFacts,
    *,
    counted: bool = True,
) -> Iterator[tuple[Wanted, Happening]]:
    """The triggers whose filter holds, with what was looked at.

    `counted`: filters that ask for an order of things that have none are counted for operators.
    """
    seen = Happening(event, customer)
    for trigger in triggers:
        wanted = matcher(trigger.filter)
        if wanted is None or wanted.holds(seen):
            yield trigger, seen
        elif counted and wanted.unlike(seen):
            UNLIKE.labels(trigger.key).inc()


@lru_cache(maxsize=KEPT)
def matcher(stored: str | None) -> Matcher | None:
    """The matcher of a filter as its row holds it, in JSON; None where all is wanted.

    It is known by its words, so that a filter that is changed is another one.
    """
    said = json.loads(stored) if stored else None
    if not said:
        return None
    wanted = parse_filter(said)
    asked = (test for test in tests(wanted) if test.op in ORDERING)
    return Matcher(_ready(wanted), tuple((one.path, ordinal(one.value)) for one in asked))


def _ready(wanted: Filter) -> Holds:
    if isinstance(wanted, Test):
        return _ordered(wanted) if wanted.op in ORDERING else _compared(wanted)
    if isinstance(wanted, Not):
        inner = _ready(wanted.part)
        return lambda seen: not inner(seen)
    return _joined(tuple(map(_ready, wanted.parts)), wanted)


def _joined(parts: tuple[Holds, ...], wanted: AllOf | AnyOf) -> Holds:
    """All or any of the parts, asked in order and no further than needed."""
    settles = isinstance(wanted, AnyOf)

    def joined(seen: Happening) -> bool:
        for part in parts:
            if part(seen) is settles:
                return settles
        return not settles

    return joined


def _compared(test: Test) -> Holds:
    path, op, value = test.path, test.op, test.value
    return lambda seen: run(op, seen.at(path), value)


def _ordered(test: Test) -> Holds:
    path, wanted, sign = test.path, ordinal(test.value), _SIGNS[test.op]

    def ordered(seen: Happening) -> bool:
        have = seen.ordinal(path)
        if have is None or wanted is None or have[0] != wanted[0]:
            return False
        return bool(sign(have[1], wanted[1]))

    return ordered


def _alike(have: Ordinal | None, wanted: Ordinal | None) -> bool:
    return have is not None and wanted is not None and have[0] == wanted[0]
