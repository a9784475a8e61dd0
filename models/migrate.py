"""Bring a database to the newest tables, and say whether it is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

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


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run what is missing, forward; two processes at once take turns on PostgreSQL."""
    with engine.connect() as connection:
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
