"""Whether the database answers, is migrated, and looks after its tables by itself."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from feedback.finding import Finding
from models import migrate

_LEFT_ALONE = (
    "autovacuum is off: tables grow without end, and PostgreSQL plans by what it knew of them when "
    "they were small; set `autovacuum = on` in postgresql.conf and reload"
)


def database(engine: Engine) -> Iterator[Finding]:
    """Does it answer, and is it migrated."""
    try:
        with engine.connect() as connection:
            why, tidy = migrate.unfit(connection), looked_after(connection)
    except SQLAlchemyError as error:
        yield Finding("database", False, f"does not answer ({type(error).__name__})")
        return
    words = f"answers, but {why}" if why else "answers, and is migrated"
    yield Finding("database", why is None, words)
    if not tidy:
        yield Finding("database upkeep", False, _LEFT_ALONE)


def looked_after(connection: Connection) -> bool:
    """Whether tables are vacuumed and analysed by the database itself; SQLite needs neither."""
    if connection.dialect.name != "postgresql":
        return True
    needed = ("autovacuum", "track_counts")  # the one works by what the other counts
    return all(connection.scalar(text(f"SHOW {name}")) == "on" for name in needed)
