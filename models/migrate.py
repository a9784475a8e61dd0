"""Bring a database to the newest tables, and say whether it is there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, select, text
from sqlalchemy.exc import OperationalError

from models import tables
from models.errors import Conflict
from models.schema_floor import SchemaFloor

# whoever looks after a database knows every table
assert tables.ALL

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x57415953
_LOCK_NOT_AVAILABLE = "55P03"
_UNMODELLED = ("comment_words", "ix_comments_words", "decisions_")
"""What is other on each engine, so written by its migration alone: the search, parts of tables."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a table is asked for, and for how many seconds, with what pause between."""

    tries: int = 10
    wait: float = 5.0
    pause: float = 2.0


PATIENCE = Patience()


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, made in code: no ini file to find."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def heads() -> tuple[str, ...]:
    """The newest revisions; there must be exactly one."""
    return tuple(ScriptDirectory.from_config(configuration()).get_heads())


def is_modelled(name: str | None, kind: str, parents: Any) -> bool:
    """Whether a table or an index of the database has a model to be compared with."""
    return not (name or "").startswith(_UNMODELLED)


def current(connection: Connection) -> tuple[str, ...]:
    """The revisions this database is at."""
    return tuple(MigrationContext.configure(connection).get_current_heads())


def _known() -> set[str]:
    steps = ScriptDirectory.from_config(configuration()).walk_revisions()
    return {step.revision for step in steps}


def _unknown(connection: Connection) -> str:
    """The revisions of the database that this program has never heard of."""
    return ", ".join(sorted(set(current(connection)) - _known()))


def _lives_with(connection: Connection) -> bool:
    """Whether all that is newer in the database only added what this program doesn't miss."""
    if not inspect(connection).has_table(SchemaFloor.__tablename__):
        return False
    return connection.scalar(select(SchemaFloor.revision)) in _known()


def unfit(connection: Connection) -> Conflict | None:
    """Why this program can't work on this database, and the mend; None where it can.

    It can on a newer one, too, while that only grew: in a rolling upgrade the version before
    works beside the new one for some minutes.
    """
    if current(connection) == heads():
        return None
    if unknown := _unknown(connection):
        if _lives_with(connection):
            return None
        return Conflict(
            f"the database was made by a newer Waymark: it is at {unknown}",
            mend="Run that version; this one would not understand what is there",
        )
    return Conflict("the database is not migrated", mend="Run `waymark db upgrade`")


def upgrade(engine: Engine, revision: str = "head", patience: Patience = PATIENCE) -> None:
    """Run what is missing, forward; two processes at once take turns on PostgreSQL.

    Raises `Conflict` where a newer program made the database, or where a table can't be had.
    """
    with engine.connect() as connection:
        if _unknown(connection):
            if why := unfit(connection):
                raise why
            return
        connection.commit()
        if engine.dialect.name != "postgresql":
            command.upgrade(configuration(connection), revision)
            connection.commit()
            return
        with _turn(connection):
            _insist(connection, revision, patience)


@contextmanager
def _turn(connection: Connection) -> Iterator[None]:
    """The one right to migrate, waited for."""
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
        connection.execute(text("RESET lock_timeout"))
        connection.commit()


def _insist(connection: Connection, revision: str, patience: Patience) -> None:
    """Ask for tables some times, and never make others queue behind the wait for long.

    Who waits for a table lets nobody past: reads and writes stand behind it. So the wait is
    short, and everybody may pass before the next.
    """
    for _ in range(patience.tries):
        connection.execute(text(f"SET lock_timeout = {int(patience.wait * 1000)}"))
        connection.commit()
        try:
            command.upgrade(configuration(connection), revision)
            connection.commit()
            return
        except OperationalError as error:
            connection.rollback()
            if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
        time.sleep(patience.pause)
    raise Conflict(
        "a table could not be had for the migration: something holds it for long",
        mend="Look in pg_stat_activity for old transactions, end them, and run it again; "
        "what was migrated stays",
    )
