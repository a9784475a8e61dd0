"""A connection used bare for the length of one request: an answer on a page, a reply by SMS.

The pool of an engine costs more than what these ask of the database, so they keep a few
connections beside it: as many as requests were served at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event

from models.engine import PING_AFTER
from surveys.prepared import Prepared, Values


@dataclass(slots=True)
class Lane:
    """Runs prepared statements.

    On PostgreSQL each is a transaction of its own; on SQLite, which has no round trips to save,
    what was written is kept by `commit`.
    """

    engine: Engine
    connection: Any
    cursor: Any
    one_statement: bool
    left_at: float

    def first(self, statement: Prepared, given: Values) -> list[Any] | None:
        """The first row as Python values, in the statement's order."""
        return statement.first(self.cursor, self.engine.dialect, given)

    def all(self, statement: Prepared, given: Values) -> list[list[Any]]:
        """All rows, the same way."""
        return statement.all(self.cursor, self.engine.dialect, given)

    def run(self, statement: Prepared, given: Values) -> int:
        """How many rows were touched."""
        return statement.run(self.cursor, self.engine.dialect, given)

    def commit(self) -> None:
        """Keep what was written: after this the answer can't be lost."""
        self.connection.commit()

    def rollback(self) -> None:
        """Forget it, and see what others wrote meanwhile."""
        self.connection.rollback()

    @property
    def refusal(self) -> type[Exception]:
        """What the driver raises when a row breaks a constraint."""
        refusal: type[Exception] = self.engine.dialect.loaded_dbapi.IntegrityError
        return refusal

    def alive(self) -> bool:
        """Whether the server still answers; asked only after a rest."""
        if monotonic() - self.left_at < PING_AFTER:
            return True
        try:
            self.engine.dialect.do_ping(self.connection)
        except self.engine.dialect.loaded_dbapi.Error:
            self.connection.close()
            return False
        return True


_RESTING: WeakKeyDictionary[Engine, deque[Lane]] = WeakKeyDictionary()


@contextmanager
def lane(engine: Engine) -> Iterator[Lane]:
    """Borrow a connection; what wasn't committed when something fails is forgotten with it."""
    resting = _resting(engine)
    opened = _taken(resting) or _opened(engine)
    try:
        yield opened
    except BaseException:
        opened.connection.close()
        raise
    opened.left_at = monotonic()
    resting.append(opened)


def _resting(engine: Engine) -> deque[Lane]:
    found = _RESTING.get(engine)
    if found is None:
        found = _RESTING.setdefault(engine, deque())
        event.listen(engine, "engine_disposed", close_all)
    return found


def _taken(resting: deque[Lane]) -> Lane | None:
    while resting:
        try:
            found = resting.pop()
        except IndexError:  # another thread took the last one
            return None
        if found.alive():
            return found
    return None


def _opened(engine: Engine) -> Lane:
    pooled = engine.raw_connection()
    connection: Any = pooled.driver_connection
    pooled.detach()
    one_statement = engine.dialect.name == "postgresql"
    if one_statement:
        connection.autocommit = True
    return Lane(engine, connection, connection.cursor(), one_statement, monotonic())


def close_all(engine: Engine) -> None:
    """Close those that rest."""
    for one in _RESTING.pop(engine, ()):
        one.connection.close()
