"""Rows that a report keeps as columns: as plain values, or written as JSON.

A report can have two thousand points of forty figures each. As plain values they are checked by
the report's own shapes in one pass; as JSON each column is written at once, rounded as a report
writes its figures, and the rows are put together from its pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic_core import to_json

from feedback.reporting.digits import chances, exact, figures
from feedback.statistics.columns.moments import Column, Mask

Plain = dict[str, Any]
"""A row by its fields."""
T = TypeVar("T")
N = TypeVar("N")
_SEPARATOR = b",\n"
"""Between values on lines of their own; inside a JSON string there is no line's end."""


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """A column of figures, NaN where there is none."""

    values: Column


@dataclass(frozen=True, slots=True, eq=False)
class Chances:
    """A column of chances, NaN where there is none."""

    values: Column


@dataclass(frozen=True, slots=True, eq=False)
class Fields:
    """A column for each field of the rows; `known`: which rows there are, None: all of them."""

    columns: Columns
    known: Mask | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """A list of rows in each row; None: an empty one."""

    rows: Sequence[Fields | None]


Columns = Mapping[str, "Part"]
Part = Figures | Chances | Fields | Lists | Sequence[str | int | bool | None]


def plain(fields: Fields) -> list[Plain | None]:
    """The rows by their fields, figures as they are; None where there is none."""
    names = tuple(fields.columns)
    columns = map(_values, fields.columns.values())
    rows = (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))
    return _there(fields, rows, None)


def written(fields: Fields) -> list[bytes]:
    """The rows as JSON, figures as a report writes them; null where there is none."""
    if fields.known is not None and not fields.known.any():
        return [b"null"] * len(fields.known)
    form = b"{%b}" % b",".join(to_json(name) + b":%b" for name in fields.columns)
    columns = map(_pieces, fields.columns.values())
    rows = map(form.__mod__, zip(*columns, strict=True))
    return _there(fields, rows, b"null")


def listed(rows: Iterable[bytes]) -> bytes:
    """Rows that are written, as a JSON list."""
    return b"[%b]" % b",".join(rows)


def _values(part: Part) -> Sequence[Any]:
    match part:
        case Figures(values) | Chances(values):
            return exact(values)
        case Fields():
            return plain(part)
        case Lists(rows):
            return [plain(one) if one else [] for one in rows]
    return part


def _pieces(part: Part) -> Sequence[bytes]:
    match part:
        case Figures(values):
            return _split(figures(values).tolist())
        case Chances(values):
            return _split(chances(values))
        case Fields():
            return written(part)
        case Lists(rows):
            return [listed(written(one)) if one else b"[]" for one in rows]
    return _split(part)


def _split(values: Sequence[object]) -> Sequence[bytes]:
    """Each value as JSON, all of them written at once; null for NaN."""
    lines = to_json(values, indent=0, inf_nan_mode="null")
    return lines[2:-2].split(_SEPARATOR) if values else []


def _there(fields: Fields, rows: Iterable[T], none: N) -> list[T | N]:
    """The rows that there are, and `none` in place of the others."""
    if fields.known is None:
        return list(rows)
    known = fields.known.tolist()
    return [row if there else none for there, row in zip(known, rows, strict=True)]
