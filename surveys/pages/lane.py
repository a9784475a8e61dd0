"""A pooled connection used bare for the length of one request of the survey page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor

from surveys.pages.prepared import Prepared


@dataclass(frozen=True)
class Lane:
    """Runs prepared statements in one transaction; what isn't committed is rolled back."""

    engine: Engine
    connection: DBAPIConnection
    cursor: DBAPICursor

    def first(self, statement: Prepared, given: Mapping[str, Any]) -> list[Any] | None:
        """The first row as Python values, in the statement's order."""
        return statement.first(self.cursor, self.engine.dialect, given)

    def run(self, statement: Prepared, given: Mapping[str, Any]) -> int:
        """How many rows were touched."""
        return statement.run(self.cursor, self.engine.dialect, given)

    def commit(self) -> None:
        """Keep what was written: after this the answer can't be lost."""
        self.connection.commit()

    def rollback(self) -> None:
        """Forget it, and see what others wrote meanwhile."""
        self.connection.rollback()


@contextmanager
def lane(engine: Engine) -> Iterator[Lane]:
    """Borrow a connection; the pool rolls back what was left open."""
    connection = engine.raw_connection()
    try:
        yield Lane(engine, connection, connection.cursor())
    finally:
        connection.close()
