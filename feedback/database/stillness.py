"""A database that is copied must stand still: who is at work there, and was anything written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from models.base import Base
from models.engine import make_engine, parse_url
from models.errors import Conflict, NotFound
from models.job import Lease, Task
from models.status import TaskStatus

STOP = "Stop its web, clock and worker processes, then copy again"
_WAIT = "5s"


def read_only(url: str) -> Engine:
    """An engine that can't write, on a database that is there."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    return make_engine(url).execution_options(postgresql_readonly=True)


def _sqlite(url: URL) -> Engine:
    path = Path(url.database or "")
    if not path.is_file():
        raise NotFound(f"there is no database {path}", mend="Write sqlite:////folder/waymark.db")

    def connect() -> sqlite3.Connection:
        # transactions are begun by hand: else each SELECT would see another moment
        where = f"{path.absolute().as_uri()}?mode=ro"
        return sqlite3.connect(where, uri=True, isolation_level=None, check_same_thread=False)

    return create_engine("sqlite://", creator=connect, poolclass=NullPool)


_OTHERS = text("""
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid() AND backend_type = 'client backend'
""")


def refuse_the_busy(connection: Connection, now: datetime) -> None:
    """Raise `Conflict` where somebody is at work on the database.

    A process that has nothing to do keeps its connection to PostgreSQL; of SQLite only those can
    be told that hold a lease or a task, and whoever writes while it is copied.
    """
    clock = connection.scalar(select(Lease.holder).where(Lease.expires_at > now))
    if clock:
        raise Conflict(f"a clock is at work on the source ({clock})", mend=STOP)
    working = (Task.status == TaskStatus.RUNNING.value) & (Task.claimed_until > now)
    if worker := connection.scalar(select(Task.claimed_by).where(working).limit(1)):
        raise Conflict(f"a worker is at work on the source ({worker})", mend=STOP)
    if connection.dialect.name == "postgresql" and (others := connection.scalar(_OTHERS)):
        raise Conflict(f"the source has {others} other connections", mend=STOP)


@dataclass(frozen=True, slots=True)
class Still:
    """One moment of a database, and the watch over whether another one has come."""

    connection: Connection
    watcher: Connection | None = None
    before: int = 0

    def refuse_the_changed(self) -> None:
        """Raise `Conflict` if anything was written since; PostgreSQL lets nobody write."""
        if self.watcher is not None and _version(self.watcher) != self.before:
            raise Conflict("something was written to the source while it was copied", mend=STOP)


@contextmanager
def standing_still(engine: Engine) -> Iterator[Still]:
    """One moment of the database: on PostgreSQL writers wait, on SQLite they are noticed."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
            _hold(connection)
            yield Still(connection)
            return
        with engine.connect() as watcher:
            before = _version(watcher)
            connection.exec_driver_sql("BEGIN")
            yield Still(connection, watcher, before)


def _version(watcher: Connection) -> int:
    """SQLite's count of what others committed."""
    return int(watcher.scalar(text("PRAGMA data_version")) or 0)


def _hold(connection: Connection) -> None:
    names = ", ".join(Base.metadata.tables)
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_WAIT}'")
    try:
        connection.exec_driver_sql(f"LOCK TABLE {names} IN SHARE MODE")
    except OperationalError as error:
        raise Conflict("somebody is writing to the source", mend=STOP) from error
