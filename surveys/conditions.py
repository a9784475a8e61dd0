"""Filters over nested facts: parsed once, checked, and never evaluated as code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from models.errors import InvalidInput
from surveys.comparisons import OPERATORS, needs, run
from surveys.wording import lookup

MAX_DEPTH = 8
MAX_TESTS = 100


class FilterError(InvalidInput):
    """A filter that can't be read; `field` is the path to the fault."""


@dataclass(frozen=True)
class Test:
    """One comparison: the value at `path` against `value` by `op`."""

    path: str
    op: str
    value: object


@dataclass(frozen=True)
class AllOf:
    """True when every part is; an empty one is true."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True)
class AnyOf:
    """True when some part is."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True)
class Not:
    """True when its part is not."""

    part: Filter


Filter = Test | AllOf | AnyOf | Not


def parse_filter(data: object, field: str = "filter") -> Filter:
    """Read `{property: {op: value}}` with `all`, `any` and `not`; FilterError names the fault.

    A bare value stands for `eq`; several properties, or operators, must all hold.
    """
    parsed = _parse(data, field, MAX_DEPTH)
    if len(tests(parsed)) > MAX_TESTS:
        raise FilterError(
            f"holds more than {MAX_TESTS} comparisons", field=field, mend="Use fewer comparisons."
        )
    return parsed


def tests(wanted: Filter) -> tuple[Test, ...]:
    """All comparisons of a filter, in order."""
    if isinstance(wanted, Test):
        return (wanted,)
    parts = (wanted.part,) if isinstance(wanted, Not) else wanted.parts
    return tuple(test for part in parts for test in tests(part))


def matches(wanted: Filter, facts: Mapping[str, object]) -> bool:
    """Whether the facts meet the filter; values that can't be compared don't, never an error."""
    if isinstance(wanted, AllOf):
        return all(matches(part, facts) for part in wanted.parts)
    if isinstance(wanted, AnyOf):
        return any(matches(part, facts) for part in wanted.parts)
    if isinstance(wanted, Not):
        return not matches(wanted.part, facts)
    return run(wanted.op, lookup(facts, wanted.path), wanted.value)


def holds(stored: Mapping[str, Any], facts: Mapping[str, object]) -> bool:
    """Whether a filter as it is stored holds; each is parsed once a process."""
    return matches(_stored(json.dumps(stored, sort_keys=True)), facts)


@lru_cache(maxsize=1024)
def _stored(condition: str) -> Filter:
    return parse_filter(json.loads(condition))


def _parse(data: object, field: str, depth: int) -> Filter:
    if not depth:
        raise FilterError("is nested too deep", field=field, mend="Flatten the filter.")
    if not isinstance(data, Mapping):
        raise FilterError(
            f"must be a mapping, not {type(data).__name__}",
            field=field,
            mend="Write it as {property: {op: value}}.",
        )
    parts = tuple(
        part for key, value in data.items() for part in _entry(key, value, field, depth - 1)
    )
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _entry(key: object, value: object, field: str, depth: int) -> tuple[Filter, ...]:
    here = f"{field}.{key}"
    if not isinstance(key, str) or not key:
        raise FilterError("is not a property name", field=here, mend="Name it by a text.")
    if key == "not":
        return (Not(_parse(value, here, depth)),)
    if key in ("all", "any"):
        parts = tuple(
            _parse(part, f"{here}[{place}]", depth) for place, part in enumerate(_list(value, here))
        )
        return (AllOf(parts) if key == "all" else AnyOf(parts),)
    if not isinstance(value, Mapping):
        return (_test(key, "eq", value, here),)
    if not value:
        raise FilterError("has no operator", field=here, mend=f"Use one of {_known()}.")
    return tuple(_test(key, op, wanted, f"{here}.{op}") for op, wanted in value.items())


def _list(value: Any, field: str) -> list[object]:
    if not isinstance(value, list | tuple) or not value:
        raise FilterError("must be a list of filters", field=field, mend="Put filters in [ ].")
    return list(value)


def _test(path: str, op: object, value: object, field: str) -> Test:
    if not isinstance(op, str) or op not in OPERATORS:
        raise FilterError(f"{op!r} is not an operator", field=field, mend=f"Use one of {_known()}.")
    need = needs(op, value)
    if need:
        raise FilterError(f"{op} can't use {value!r}", field=field, mend=f"Give it {need}.")
    frozen = tuple(value) if isinstance(value, list) else value
    return Test(path, op, frozen)


def _known() -> str:
    return ", ".join(OPERATORS)
