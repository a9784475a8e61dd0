"""Rows written as fast as a database takes them, and what of them it can't take, by name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Row, String, Table
from sqlalchemy.exc import DBAPIError

from feedback.database.bare import strip
from models import marking
from models.errors import InvalidInput

_QUICKER = ("SET LOCAL maintenance_work_mem = '256MB'", "SET LOCAL lock_timeout = '10s'")


@contextmanager
def ready_to_load(connection: Connection, names: Sequence[str]) -> Iterator[None]:
    """Nothing is marked, and references are checked at the end, once all is there.

    The sums of the statistics come with the rows, and so do the marks of what is not counted.
    """
    marking.remove(connection)
    if connection.dialect.name == "postgresql":
        for statement in _QUICKER:
            connection.exec_driver_sql(statement)
        undone = strip(connection, names)
        yield
        for statement in undone:
            connection.exec_driver_sql(statement)
    else:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        yield
    marking.install(connection)


def load(connection: Connection, table: Table, rows: Sequence[Row[Any]]) -> None:
    """Write some rows; raises `InvalidInput` naming the first that the database refuses."""
    try:
        if connection.dialect.name == "postgresql":
            _copy(connection, table, rows)
        else:
            connection.execute(table.insert(), [dict(row._mapping) for row in rows])
    except (DBAPIError, connection.dialect.loaded_dbapi.Error) as error:
        raise InvalidInput(_refused(table, rows, error), mend=_MEND) from None


_MEND = "Mend this row in the source; nothing was copied"


def _copy(connection: Connection, table: Table, rows: Sequence[Row[Any]]) -> None:
    bound = [one.type.dialect_impl(connection.dialect) for one in table.columns]
    processors = [one.bind_processor(connection.dialect) for one in bound]
    names = ", ".join(f'"{one.name}"' for one in table.columns)
    raw = connection.connection.driver_connection
    assert raw is not None
    with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(
                [
                    process(value) if process is not None else value
                    for process, value in zip(processors, row, strict=True)
                ]
            )


def _refused(table: Table, rows: Sequence[Row[Any]], error: Exception) -> str:
    """Which row and column; where that can't be told, what the database said, without values."""
    for row in rows:
        for column, value in zip(table.columns, row, strict=True):
            if why := _wrong(column.type, value):
                key = ", ".join(str(row._mapping[one.name]) for one in table.primary_key)
                return f"{table.name} {key}: {column.name} {why}"
    said = str(getattr(error, "orig", error)).split("\n", 1)[0]
    return f"{table.name}: the target refuses a row ({said})"


def _wrong(kind: Any, value: Any) -> str | None:
    """Why PostgreSQL takes no such value; SQLite takes any."""
    if isinstance(value, str) and "\0" in value:
        return "holds a zero character, which PostgreSQL's texts can't"
    if isinstance(value, str) and isinstance(kind, String) and len(value) > (kind.length or 1e9):
        return f"holds {len(value):,} characters of at most {kind.length:,}"
    if isinstance(value, dict | list) and "\\u0000" in json.dumps(value):
        return "holds a zero character, which PostgreSQL's documents can't"
    return None
