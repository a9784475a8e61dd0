"""Core statements run on a bare cursor: compiled once a dialect, values turned by their types.

For the hot paths only (a survey's answer, an event, a reply by SMS): there SQLAlchemy's own
execution costs several times what the database does for so small a statement. The statements stay
Core, the columns keep their types; only the running is short-cut. Errors come as the driver raises
them; in a session or a connection of SQLAlchemy's, as SQLAlchemy does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from threading import RLock
from typing import Any, Protocol

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement
from sqlalchemy.types import TypeEngine

from surveys.cursors import cursor_in, cursor_on

_MAKING = RLock()

Process = Callable[[Any], Any]
Values = Mapping[str, Any]


class Cursor(Protocol):
    """What a database driver's cursor must do."""

    @property
    def rowcount(self) -> int:
        """How many rows the last statement touched."""

    def execute(self, sql: str, values: Any) -> object:
        """Run one statement."""

    def fetchone(self) -> Any:
        """The next row."""

    def fetchall(self) -> Any:
        """All that are left."""


@dataclass(frozen=True)
class _Compiled:
    """One statement for one dialect."""

    sql: str
    names: tuple[str, ...]
    constants: Values
    processors: tuple[tuple[str, Process], ...]
    readers: tuple[tuple[int, Process], ...]
    positional: bool

    def values(self, given: Values) -> Any:
        """The values as the driver takes them; what the statement doesn't name is left out.

        Constants go last: SQLAlchemy names a literal after its column, and a value of that name
        may have been given for another statement.
        """
        known = {**given, **self.constants}
        for name, process in self.processors:
            known[name] = process(known[name])
        return tuple([known[name] for name in self.names]) if self.positional else known

    def read(self, row: Sequence[Any]) -> list[Any]:
        """A row as Python values."""
        values = list(row)
        for place, read in self.readers:
            values[place] = read(values[place])
        return values


@dataclass(frozen=True)
class Prepared:
    """A statement, made for each dialect's name once; `columns` are those of a bare INSERT.

    PostgreSQL keeps the plan of one that is run often; `anew`: not of this one, by `rows`.
    """

    make: Callable[[str], ClauseElement]
    columns: Sequence[str] = ()
    anew: bool = False

    @cached_property
    def _compiled(self) -> dict[str, _Compiled]:
        return {}

    def run(self, cursor: Cursor, dialect: Dialect, given: Values) -> int:
        """Execute; how many rows were touched."""
        ready = self._ready(dialect)
        cursor.execute(ready.sql, ready.values(given))
        return cursor.rowcount

    def first(self, cursor: Cursor, dialect: Dialect, given: Values) -> list[Any] | None:
        """Execute; the first row as Python values, or None."""
        ready = self._ready(dialect)
        cursor.execute(ready.sql, ready.values(given))
        row = cursor.fetchone()
        return None if row is None else ready.read(row)

    def all(self, cursor: Cursor, dialect: Dialect, given: Values) -> list[list[Any]]:
        """Execute; all rows as Python values."""
        ready = self._ready(dialect)
        cursor.execute(ready.sql, ready.values(given))
        return [ready.read(row) for row in cursor.fetchall()]

    def all_in(self, session: Session, given: Values) -> list[list[Any]]:
        """Execute in a session's transaction; all rows as Python values."""
        with cursor_in(session) as (cursor, dialect):
            return self.all(cursor, dialect, given)

    def first_in(self, session: Session, given: Values) -> list[Any] | None:
        """Execute in a session's transaction; the first row as Python values, or None."""
        with cursor_in(session) as (cursor, dialect):
            return self.first(cursor, dialect, given)

    def run_in(self, session: Session, given: Values) -> int:
        """Execute in a session's transaction; how many rows were touched."""
        with cursor_in(session) as (cursor, dialect):
            return self.run(cursor, dialect, given)

    def rows(self, connection: Connection, given: Values) -> Sequence[Any]:
        """Execute in a session's connection, whose commit or rollback ends it; all its rows.

        They come as the driver gives them: JSON is text on SQLite.
        """
        ready = self._ready(connection.dialect)
        with cursor_on(connection) as cursor:
            how = {"prepare": False} if self.anew and not ready.positional else {}
            cursor.execute(ready.sql, ready.values(given), **how)
            found: Sequence[Any] = cursor.fetchall()
        return found

    def _ready(self, dialect: Dialect) -> _Compiled:
        ready = self._compiled.get(dialect.name)
        if ready is None:
            with _MAKING:  # many threads may want it at once, and one makes it
                ready = self._compiled.get(dialect.name)
                ready = ready or _compile(self.make(dialect.name), dialect, self.columns)
                self._compiled[dialect.name] = ready
        return ready


@contextmanager
def at_once(connection: Connection) -> Iterator[None]:
    """Each statement by itself, with no BEGIN before and no COMMIT after: round trips saved.

    Nothing changes inside a transaction that has begun, nor on SQLite, where a reading begins
    none.
    """
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "postgresql" or driver.autocommit or not _idle(driver):
        yield
        return
    driver.autocommit = True
    try:
        yield
    finally:
        if not driver.closed:
            driver.autocommit = False


def _idle(connection: Any) -> bool:
    return int(connection.pgconn.transaction_status) == 0


def _compile(statement: Any, dialect: Dialect, columns: Sequence[str]) -> _Compiled:
    compiled = statement.compile(dialect=dialect, column_keys=list(columns) or None)
    assert isinstance(compiled, SQLCompiler)
    binds = {name: compiled.binds[name] for name in compiled.params}
    constants = {name: bind.value for name, bind in binds.items() if not bind.required}
    found = ((name, _writer(bind.type, dialect)) for name, bind in binds.items())
    return _Compiled(
        sql=str(compiled),
        names=tuple(compiled.positiontup or binds),
        constants=constants,
        processors=tuple((name, process) for name, process in found if process is not None),
        readers=tuple(_readers(statement, dialect)),
        positional=compiled.positiontup is not None,
    )


def _writer(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _readers(statement: object, dialect: Dialect) -> list[tuple[int, Process]]:
    columns = statement.selected_columns if isinstance(statement, Select) else ()
    found = (
        (place, column.type.dialect_impl(dialect).result_processor(dialect, None))
        for place, column in enumerate(columns)
    )
    return [(place, read) for place, read in found if read is not None]
