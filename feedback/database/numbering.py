"""Where the ids of a table go on: copied too, for what follows a newest id must not meet it again.

A place in the statistics' marks is compared with the newest mark that was looked at, which may be
gone: the highest id that is there is not enough.
"""

from __future__ import annotations

from sqlalchemy import Connection, Table, func, inspect, select, text

from models.base import BigId


def numbered(table: Table) -> bool:
    """Whether the database gives the table's rows their ids."""
    key = list(table.primary_key.columns)
    return [one.name for one in key][:1] == ["id"] and key[0].type is BigId


def position(connection: Connection, table: Table) -> int:
    """The highest id that was ever given, as far as the database knows."""
    newest = connection.scalar(select(func.max(table.c.id))) or 0
    return max(newest, _given(connection, table.name))


def _given(connection: Connection, name: str) -> int:
    if connection.dialect.name == "postgresql":
        found = connection.scalar(
            text("SELECT last_value FROM pg_sequences WHERE sequencename = :name"),
            {"name": f"{name}_id_seq"},
        )
        return int(found or 0)
    if not inspect(connection).has_table("sqlite_sequence"):
        return 0
    query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    return int(connection.scalar(query, {"name": name}) or 0)


def go_on(connection: Connection, table: Table, newest: int) -> None:
    """Have the next row get an id above `newest`."""
    if connection.dialect.name == "postgresql":
        where = {"sequence": f"{table.name}_id_seq", "newest": max(newest, 1), "used": newest > 0}
        connection.execute(text("SELECT setval(:sequence, :newest, :used)"), where)
    elif table.dialect_options["sqlite"]["autoincrement"] and newest:
        given = {"name": table.name, "newest": newest}
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), given)
        connection.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :newest)"), given)
