"""Rows of a table as they are read and written, and a sum that is the same on both engines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

from sqlalchemy import JSON, Column, Connection, Row, Table, func, select

BATCH = 5_000
_WRAP = 1 << 64


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows, and the sum of their hashes (64 bits): in whatever order they were read."""

    rows: int = 0
    hashes: int = 0

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.rows + other.rows, (self.hashes + other.hashes) % _WRAP)


def batches(connection: Connection, table: Table) -> Iterator[Sequence[Row[Any]]]:
    """All rows of a table by primary key, streamed some thousand at a time."""
    query = select(table).order_by(*table.primary_key.columns)
    with connection.execute(query, execution_options={"yield_per": BATCH}) as found:
        yield from found.partitions()


def count(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return connection.scalar(select(func.count()).select_from(table)) or 0


def summed(rows: Sequence[Sequence[Any]], columns: Sequence[Column[Any]]) -> Sum:
    """The sum of some rows."""
    places = [place for place, one in enumerate(columns) if isinstance(one.type, JSON)]
    return Sum(len(rows), sum(_hash(row, places) for row in rows) % _WRAP)


def total(connection: Connection, table: Table) -> Sum:
    """The sum of a whole table, read again."""
    columns, found = list(table.columns), Sum()
    for rows in batches(connection, table):
        found += summed(rows, columns)
    return found


def _hash(row: Sequence[Any], documents: Sequence[int]) -> int:
    values = list(row)
    for place in documents:
        values[place] = _settled(values[place])
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, default=_as_text)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


def _settled(value: Any) -> Any:
    """A document with 1.0 as 1: PostgreSQL's JSONB keeps decimal numbers, SQLite the text."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _settled(one) for key, one in value.items()}
    return [_settled(one) for one in value] if isinstance(value, list) else value


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else bytes(value).hex()
