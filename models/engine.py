"""How an engine is made for SQLite and for PostgreSQL, the same way everywhere."""

from __future__ import annotations

from time import monotonic
from typing import Any

from psycopg.pq import Format
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, ExecutionContext
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

PING_AFTER = 1.0
AS_BYTES = {"as_bytes": True}
"""Execution options of a statement that reads much binary data: PostgreSQL sends it as it is, not
in two letters a byte, which take five times as long."""
ALIVE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""How soon a database that fell silent counts as gone: by default TCP would wait for hours."""


def parse_url(url: str) -> URL:
    """A database URL; bare `postgres(ql)://` means psycopg 3."""
    parsed = make_url(url)
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed


def engine_options(url: URL) -> dict[str, Any]:
    """Pool and time-out settings for `create_engine`.

    The pool holds a connection for each thread of a server: one too many is opened and closed
    again by each request, and SQLite reads the whole schema, triggers and all, each time. The
    last one given back is the next one lent: what it has prepared and cached is still warm.
    Parameters are hidden: the message of a failed statement must not carry a phone number.
    PostgreSQL compiles no query: ours take milliseconds, and compiling one took a quarter second.
    """
    options = {
        "pool_size": 20,
        "max_overflow": 20,
        "pool_use_lifo": True,
        "hide_parameters": True,
    }
    if url.get_backend_name() == "sqlite":
        return {**options, "connect_args": {"timeout": 30}}
    quick = {} if "options" in url.query else {"options": "-c jit=off"}
    alive = {name: value for name, value in ALIVE.items() if name not in url.query}
    return {**options, "connect_args": {**quick, **alive}}


def _prepare_sqlite(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _ping_the_idle(engine: Engine) -> None:
    """Ask a connection whether it is alive when it lay idle for PING_AFTER seconds.

    SQLAlchemy's own pre-ping asks every time, a round trip before each request; where requests
    follow each other closely, a dead connection is met by so few that they are told to retry.
    """

    def left(connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info["left_at"] = monotonic()

    def taken(
        connection: DBAPIConnection, entry: ConnectionPoolEntry, proxy: PoolProxiedConnection
    ) -> None:
        if monotonic() - entry.info.get("left_at", monotonic()) < PING_AFTER:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    event.listen(engine, "checkin", left)
    event.listen(engine, "checkout", taken)


def _answer_in_bytes(
    connection: Connection,
    cursor: Any,
    statement: str,
    given: Any,
    context: ExecutionContext | None,
    many: bool,
) -> None:
    """Have psycopg ask for binary results, where a statement's options say so."""
    if context is not None and context.execution_options.get("as_bytes"):
        cursor.format = Format.BINARY


def prepare(engine: Engine) -> Engine:
    """Set SQLite's pragmas on each new connection; see that PostgreSQL's are alive."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    else:
        _ping_the_idle(engine)
        event.listen(engine, "before_cursor_execute", _answer_in_bytes)
    return engine


def make_engine(url: str) -> Engine:
    """An engine ready for use outside the Flask application."""
    parsed = parse_url(url)
    return prepare(create_engine(parsed, **engine_options(parsed)))
