"""How an engine is made for SQLite and for PostgreSQL, the same way everywhere."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry


def parse_url(url: str) -> URL:
    """A database URL; bare `postgres(ql)://` means psycopg 3."""
    parsed = make_url(url)
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed


def engine_options(url: URL) -> dict[str, Any]:
    """Pool and time-out settings for `create_engine`.

    Parameters are hidden: the message of a failed statement must not carry a phone number.
    """
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": 30}, "hide_parameters": True}
    return {
        "pool_size": 20,
        "max_overflow": 20,
        "pool_pre_ping": True,
        "hide_parameters": True,
    }


def _prepare_sqlite(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def prepare(engine: Engine) -> Engine:
    """Set SQLite's pragmas on each new connection; PostgreSQL needs nothing."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def make_engine(url: str) -> Engine:
    """An engine ready for use outside the Flask application."""
    parsed = parse_url(url)
    return prepare(create_engine(parsed, **engine_options(parsed)))
