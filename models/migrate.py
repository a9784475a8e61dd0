"""Bring a database to the newest tables, and say whether it is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from models.errors import Conflict

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x57415953
_SEARCH = ("comment_words", "ix_comments_words")
"""What searches comments: other on each engine, so written by its migration alone."""


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
    return not (name or "").startswith(_SEARCH)


def current(connection: Connection) -> tuple[str, ...]:
    """The revisions this database is at."""
    return tuple(MigrationContext.configure(connection).get_current_heads())


def _unknown(connection: Connection) -> str:
    """The revisions of the database that this program has never heard of."""
    steps = ScriptDirectory.from_config(configuration()).walk_revisions()
    return ", ".join(sorted(set(current(connection)) - {step.revision for step in steps}))


def unfit(connection: Connection) -> Conflict | None:
    """Why this program can't work on this database, and the mend; None where it can."""
    if current(connection) == heads():
        return None
    if unknown := _unknown(connection):
        return Conflict(
            f"the database was made by a newer Waymark: it is at {unknown}",
            mend="Run that version; this one would not understand what is there",
        )
    return Conflict("the database is not migrated", mend="Run `waymark db upgrade`")


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run what is missing, forward; two processes at once take turns on PostgreSQL.

    Raises `Conflict` where a newer program made the database.
    """
    with engine.connect() as connection:
        if _unknown(connection) and (why := unfit(connection)):
            raise why
        connection.commit()
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
            connection.commit()
        try:
            command.upgrade(configuration(connection), revision)
            connection.commit()
        finally:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
                connection.commit()
