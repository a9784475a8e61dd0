"""The triggers that mark what changed, written for SQLite and for PostgreSQL.

They stand in the database because then no path can forget to mark: not a bulk import, not a
cascade of an erasure, not a person with `psql`. On PostgreSQL they run once a statement, where
each answer would meet them in vain once a changed row. On
SQLite, where writers take turns, they look first whether there is anything to mark: a place
marked and not yet looked at, a second answer to a response that already counts as one, and a
customer where there is no segment are not. (On PostgreSQL two transactions could each rely on
what the other is about to take away.)

What changes whether an invitation was answered marks it too, where it was made (models.rates):
the tables of what was said do so in the same triggers, and the invitations in their own.

A migration that copies a table on SQLite (`batch_alter_table`) drops its triggers: it must call
`install` afterwards. `missing` says whether it forgot.
"""

from __future__ import annotations

from types import ModuleType

from sqlalchemy import Connection, inspect, text

from models import marking_postgresql, marking_sqlite
from models.marked import names


def install(connection: Connection) -> None:
    """Write all triggers, in place of those that are there.

    Before revision 0034 there is nowhere to mark who was asked: those parts are left out.
    """
    remove(connection)
    for statement in _of(connection).statements(_knows_rates(connection)):
        connection.exec_driver_sql(statement)


def _knows_rates(connection: Connection) -> bool:
    return inspect(connection).has_table("rate_marks")


def hour(connection: Connection) -> str:
    """The hour (UTC) of an invitation, as marks name it, in the database's own words."""
    named: str = _of(connection).hour("invitations.created_at")
    return named


def _of(connection: Connection) -> ModuleType:
    return marking_postgresql if connection.dialect.name == "postgresql" else marking_sqlite


def remove(connection: Connection) -> None:
    """Drop all triggers."""
    postgres = connection.dialect.name == "postgresql"
    for name in names():
        if postgres:
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
        else:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")


def missing(connection: Connection) -> list[str]:
    """The triggers that are not there."""
    postgres = connection.dialect.name == "postgresql"
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if postgres
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    there = set(connection.scalars(text(query)))
    return [name for name in names(_knows_rates(connection)) if name not in there]
