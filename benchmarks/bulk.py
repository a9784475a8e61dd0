"""Rows written as fast as a database takes them: COPY on PostgreSQL, one prepared INSERT on SQLite.

Ids are given with the rows, so that tables can point at each other before they are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, text

from feedback.database.bare import strip

Columns = Mapping[str, str]
"""The columns of each table, with spaces between them."""

Rows = dict[str, list[Sequence[Any]]]

_NULL = "\\N"
_QUICKER = ("SET LOCAL maintenance_work_mem = '512MB'", "SET LOCAL synchronous_commit = off")


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
    """Rows as lines of text: none of their values may need to be escaped."""
    lines = "".join("\t".join(map(_text, row)) + "\n" for row in rows)
    if "\\" in lines.replace(_NULL, ""):
        raise ValueError(f"rows of {table} hold what can't be written as plain text")
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        copy.write(lines)


def _text(value: Any) -> str:
    return _NULL if value is None else str(value)


def _insert(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    places = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"
    cursor.executemany(statement, _plain(rows))


def _plain(rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
    """Times as SQLite keeps them: text, UTC, without a zone."""
    for row in rows:
        yield [f"{one:%Y-%m-%d %H:%M:%S.%f}" if isinstance(one, datetime) else one for one in row]


@contextmanager
def bare(engine: Engine, tables: Iterable[str]) -> Iterator[None]:
    """Tables of PostgreSQL without indexes and foreign keys while they are filled.

    These are made again afterwards, and checked, which takes a fraction of the time that keeping
    them up to date row by row would.
    """
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.begin() as connection:
        made = strip(connection, tables)
    yield
    for statement in made:
        with engine.begin() as connection:
            _run(connection, (*_QUICKER, statement))


def _run(connection: Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)


def finish(engine: Engine, tables: Iterable[str]) -> None:
    """What a bulk leaves undone: ids go on after those given, and the planner looks again."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            for table in tables:
                newest = f"(SELECT max(id) FROM {table})"
                connection.execute(text(f"SELECT setval('{table}_id_seq', {newest})"))
        connection.execute(text("ANALYZE"))
