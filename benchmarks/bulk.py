"""Rows written as fast as a database takes them: COPY on PostgreSQL, one prepared INSERT on SQLite.

Ids are given with the rows, so that tables can point at each other before they are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, text

Columns = Mapping[str, str]
"""The columns of each table, with spaces between them."""

Rows = dict[str, list[Sequence[Any]]]


def write(engine: Engine, columns: Columns, rows: Rows) -> None:
    """Write and commit the rows of each table."""
    raw = engine.raw_connection()
    into = _copy if engine.dialect.name == "postgresql" else _insert
    try:
        for table, listed in rows.items():
            into(raw.cursor(), table, columns[table].split(), listed)
        raw.commit()
    finally:
        raw.close()


def _copy(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _insert(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    places = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"
    cursor.executemany(statement, _plain(rows))


def _plain(rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
    """Times as SQLite keeps them: text, UTC, without a zone."""
    for row in rows:
        yield [f"{one:%Y-%m-%d %H:%M:%S.%f}" if isinstance(one, datetime) else one for one in row]


def finish(engine: Engine, tables: Iterable[str]) -> None:
    """What a bulk leaves undone: ids go on after those given, and the planner looks again."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            for table in tables:
                newest = f"(SELECT max(id) FROM {table})"
                connection.execute(text(f"SELECT setval('{table}_id_seq', {newest})"))
        connection.execute(text("ANALYZE"))
