"""Tables of PostgreSQL without indexes and foreign keys, while they are filled.

Made again afterwards, and checked, these take a fraction of what keeping them up to date row by
row would.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text

_CONSTRAINTS = """
    SELECT conrelid::regclass::text AS place, conname AS name, pg_get_constraintdef(oid) AS made
    FROM pg_constraint WHERE conrelid::regclass::text = ANY(:tables) AND contype IN ('f', 'u')
    ORDER BY contype = 'f', name
"""
_INDEXES = """
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS made FROM pg_index
    WHERE indrelid::regclass::text = ANY(:tables)
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    ORDER BY name
"""


def strip(connection: Connection, tables: Iterable[str]) -> list[str]:
    """Drop indexes and foreign keys; gives the statements that make them again."""
    listed = {"tables": list(tables)}
    constraints = connection.execute(text(_CONSTRAINTS), listed).all()
    indexes = connection.execute(text(_INDEXES), listed).all()
    for one in reversed(constraints):
        connection.exec_driver_sql(f"ALTER TABLE {one.place} DROP CONSTRAINT {one.name}")
    for one in indexes:
        connection.exec_driver_sql(f"DROP INDEX {one.name}")
    # of a table in parts the whole index is wanted, with those of its parts
    made = [str(one.made).replace(" ON ONLY ", " ON ") for one in indexes]
    made += [f"ALTER TABLE {one.place} ADD CONSTRAINT {one.name} {one.made}" for one in constraints]
    return made
