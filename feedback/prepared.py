"""Statements compiled once and run with no per-call work but their own: for hot paths only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.expression import ClauseElement

Parameters = Mapping[str, Any]


class Prepared:
    """One statement for one dialect; its values go through their types' own conversion.

    Rows come back as the driver gives them: JSON is text on SQLite.
    """

    def __init__(self, statement: ClauseElement, dialect: Dialect, columns: Sequence[str]) -> None:
        compiled: Any = statement.compile(dialect=dialect, column_keys=list(columns) or None)
        self.text = str(compiled)
        self.fixed = dict(compiled.params)
        self.order: Sequence[str] | None = getattr(compiled, "positiontup", None)
        self.convert: dict[str, Callable[[Any], Any]] = {}
        for name, bind in compiled.binds.items():
            convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if convert is not None:
                self.convert[name] = convert

    def run(self, connection: Connection, parameters: Parameters) -> Sequence[Any]:
        """Execute with one set of parameters, in the connection's transaction; its rows.

        Call it on a session's connection(), whose commit or rollback then ends it. Errors come
        as the driver raises them.
        """
        values = {**self.fixed, **parameters}
        for name, convert in self.convert.items():
            values[name] = convert(values[name])
        given: Any = tuple([values[name] for name in self.order]) if self.order else values
        # the driver's own cursor: what SQLAlchemy builds around it costs more than the statement
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self.text, given)
            return cursor.fetchall()
        finally:
            cursor.close()


@lru_cache(maxsize=64)
def prepared(
    make: Callable[[str], ClauseElement], dialect: Dialect, columns: tuple[str, ...] = ()
) -> Prepared:
    """The statement `make` gives for a dialect's name, compiled once."""
    return Prepared(make(dialect.name), dialect, columns)
