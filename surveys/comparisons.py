"""The comparisons that filters are made of: total functions, false where types don't meet."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

Scalar = str | int | float | bool
Ordinal = tuple[str, float]
"""What can be ordered: its kind, `number` or `time` (in seconds), and where it stands."""


def needs(op: str, value: object) -> str | None:
    """What an operator would need instead of this value, in words; None when it fits."""
    fits, words = _FITS[op]
    return None if fits(value) else words


def run(op: str, have: object, wanted: object) -> bool:
    """Compare; `have` is None where the property is missing."""
    return OPERATORS[op](have, wanted)


def equal(have: object, wanted: object) -> bool:
    """Equal in kind and value: 1 equals 1.0, but neither "1" nor True."""
    if isinstance(have, bool) or isinstance(wanted, bool):
        return have is wanted
    if _is_number(have) and _is_number(wanted):
        return have == wanted
    return isinstance(have, str) and isinstance(wanted, str) and have == wanted


def order(have: object, wanted: object) -> int | None:
    """-1, 0 or 1 for two numbers or two ISO 8601 times; None where they can't be ordered."""
    left, right = ordinal(have), ordinal(wanted)
    if left is None or right is None or left[0] != right[0]:
        return None
    return (left[1] > right[1]) - (left[1] < right[1])


def ordinal(value: object) -> Ordinal | None:
    """Where a number or an ISO 8601 time stands among its kind; None for anything else."""
    if isinstance(value, int | float) and _is_number(value):
        return "number", value
    when = _time(value)
    return None if when is None else ("time", when.timestamp())


def _time(value: object) -> datetime | None:
    if not isinstance(value, str | datetime):
        return None
    try:
        when = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        aware = when if when.tzinfo else when.replace(tzinfo=UTC)
        aware.timestamp()
    except (ValueError, OverflowError):
        return None
    return aware


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isinstance(value, int) or math.isfinite(value)


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | bool) or _is_number(value)


def _one_of(have: object, wanted: object) -> bool:
    return isinstance(wanted, tuple) and any(equal(have, one) for one in wanted)


def _contains(have: object, wanted: object) -> bool:
    if isinstance(have, list | tuple):
        return any(equal(one, wanted) for one in have)
    if isinstance(have, str) and isinstance(wanted, str):
        return wanted.casefold() in have.casefold()
    return False


def _exists(have: object, wanted: object) -> bool:
    return (have is not None) is wanted


ORDERING = ("gt", "gte", "lt", "lte")
OPERATORS: Mapping[str, Callable[[object, object], bool]] = {
    "eq": equal,
    "ne": lambda have, wanted: not equal(have, wanted),
    "in": _one_of,
    "gt": lambda have, wanted: order(have, wanted) == 1,
    "gte": lambda have, wanted: order(have, wanted) in (0, 1),
    "lt": lambda have, wanted: order(have, wanted) == -1,
    "lte": lambda have, wanted: order(have, wanted) in (-1, 0),
    "contains": _contains,
    "exists": _exists,
}


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(map(_is_scalar, value))


_SCALAR = (_is_scalar, "a text, a number, true or false")
_ORDERED = (lambda value: ordinal(value) is not None, "a number or a date such as 2026-01-31")
_FITS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "eq": _SCALAR,
    "ne": _SCALAR,
    "in": (_is_list, "a list of texts or numbers"),
    "gt": _ORDERED,
    "gte": _ORDERED,
    "lt": _ORDERED,
    "lte": _ORDERED,
    "contains": _SCALAR,
    "exists": (lambda value: isinstance(value, bool), "true or false"),
}
