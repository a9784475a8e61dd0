"""Core statements run on a bare cursor: compiled once a dialect, values turned by their types.

The survey page answers each tap with a commit, and SQLAlchemy's own execution costs several
times what the database does for so small a statement. The statements stay Core, the columns
keep their types; only the running is short-cut.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from sqlalchemy import Dialect, Select
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.types import TypeEngine

Process = Callable[[Any], Any]
Statement = Select[Any] | UpdateBase


class Cursor(Protocol):
    """What a database driver's cursor must do."""

    @property
    def rowcount(self) -> int:
        """How many rows the last statement touched."""

    def execute(self, sql: str, values: Any) -> object:
        """Run one statement."""

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row."""


@dataclass(frozen=True)
class _Compiled:
    """One statement for one dialect."""

    sql: str
    names: tuple[str, ...]
    constants: Mapping[str, Any]
    processors: tuple[tuple[str, Process], ...]
    readers: tuple[tuple[int, Process], ...]
    positional: bool

    def values(self, given: Mapping[str, Any]) -> Any:
        """The values as the driver takes them."""
        known = {**self.constants, **given}
        for name, process in self.processors:
            known[name] = process(known[name])
        return tuple([known[name] for name in self.names]) if self.positional else known


@dataclass(frozen=True)
class Prepared:
    """A statement; `for_postgresql` stands in where the dialects write it differently."""

    statement: Statement
    for_postgresql: Statement | None = None

    @cached_property
    def _compiled(self) -> dict[str, _Compiled]:
        return {}

    def run(self, cursor: Cursor, dialect: Dialect, given: Mapping[str, Any]) -> int:
        """Execute; how many rows were touched."""
        ready = self._ready(dialect)
        cursor.execute(ready.sql, ready.values(given))
        return cursor.rowcount

    def first(self, cursor: Cursor, dialect: Dialect, given: Mapping[str, Any]) -> list[Any] | None:
        """Execute; the first row as Python values, or None."""
        ready = self._ready(dialect)
        cursor.execute(ready.sql, ready.values(given))
        row = cursor.fetchone()
        if row is None:
            return None
        values = list(row)
        for place, read in ready.readers:
            values[place] = read(values[place])
        return values

    def _ready(self, dialect: Dialect) -> _Compiled:
        ready = self._compiled.get(dialect.name)
        if ready is None:
            own = self.for_postgresql if dialect.name == "postgresql" else None
            ready = _compile(self.statement if own is None else own, dialect)
            self._compiled[dialect.name] = ready
        return ready


def _compile(statement: Statement, dialect: Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    constants = dict(compiled.params)
    names = tuple(compiled.positiontup or constants)
    kinds = {bind.key: bind.type for bind in compiled.binds.values()}
    found = ((name, _writer(kinds.get(name), dialect)) for name in constants)
    writers = tuple((name, process) for name, process in found if process is not None)
    return _Compiled(
        sql=str(compiled),
        names=names,
        constants=constants,
        processors=writers,
        readers=tuple(_readers(statement, dialect)),
        positional=compiled.positiontup is not None,
    )


def _writer(kind: TypeEngine[Any] | None, dialect: Dialect) -> Process | None:
    return kind.dialect_impl(dialect).bind_processor(dialect) if kind is not None else None


def _readers(statement: Statement, dialect: Dialect) -> list[tuple[int, Process]]:
    columns = statement.selected_columns if isinstance(statement, Select) else ()
    found = (
        (place, column.type.dialect_impl(dialect).result_processor(dialect, None))
        for place, column in enumerate(columns)
    )
    return [(place, read) for place, read in found if read is not None]
