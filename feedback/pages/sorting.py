"""Tables sorted by their headers: `?sort=impact` upwards, `?sort=-impact` downwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import request
from sqlalchemy import ColumnElement, Select

from feedback.pages.paging import here

T = TypeVar("T")


@dataclass(frozen=True)
class Sort:
    """How a table stands sorted, and the addresses that sort it otherwise.

    `keys` are what it can be sorted by, as the first press sorts: `-when` begins downwards.
    """

    keys: tuple[str, ...]
    key: str
    down: bool
    given: bool
    name: str = "sort"
    anchor: str = ""

    def state(self, key: str) -> str | None:
        """The `aria-sort` of a column; None where the table is not sorted by it."""
        if key != self.key:
            return None
        return "descending" if self.down else "ascending"

    def href(self, key: str) -> str:
        """The address that a press on a column's header leads to."""
        down = not self.down if key == self.key else f"-{key}" in self.keys
        wanted = f"-{key}" if down else key
        changes: dict[str, object] = {self.name: wanted, "before": None, "page": None}
        return here(**changes, switched=None) + (f"#{self.anchor}" if self.anchor else "")


def read_sort(
    keys: tuple[str, ...], default: str = "", *, name: str = "sort", anchor: str = ""
) -> Sort:
    """What the address bar asks for; a key nobody knows falls back to the default."""
    asked = request.args.get(name, "").strip()
    given = asked.removeprefix("-") in {key.removeprefix("-") for key in keys}
    chosen = asked if given else default
    key, down = chosen.removeprefix("-"), chosen.startswith("-")
    return Sort(keys, key, down, given, name, anchor)


def ordered(
    statement: Select[*tuple[Any, ...]],
    sort: Sort,
    columns: Mapping[str, ColumnElement[Any]],
    newest: ColumnElement[int],
) -> Select[*tuple[Any, ...]]:
    """The statement in a sort's order, what is not known last; newest first where it is equal."""
    if sort.key not in columns:
        return statement.order_by(newest.desc())
    column = columns[sort.key]
    asked = column.desc() if sort.down else column.asc()
    return statement.order_by(asked.nulls_last(), newest.desc())


def arranged(rows: Iterable[T], sort: Sort, keys: Mapping[str, Callable[[T], Any]]) -> list[T]:
    """Rows in a sort's order, what is not known last; as they came where it is equal."""
    listed = list(rows)
    if sort.key not in keys:
        return listed
    value = keys[sort.key]
    known = [row for row in listed if value(row) is not None]
    unknown = [row for row in listed if value(row) is None]
    return sorted(known, key=value, reverse=sort.down) + unknown
