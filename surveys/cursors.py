"""A bare cursor of the driver inside a session's transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session


@contextmanager
def cursor_in(session: Session) -> Iterator[tuple[Any, Dialect]]:
    """A bare cursor in a session's transaction, behind what the session held back until now.

    What the driver raises becomes SQLAlchemy's own; a connection that broke is thrown away, so
    that whoever tries again gets a new one.
    """
    session.flush()
    connection = session.connection()
    with cursor_on(connection) as cursor:
        yield cursor, connection.dialect


@contextmanager
def cursor_on(connection: Connection) -> Iterator[Any]:
    """The same on a connection of SQLAlchemy's."""
    dialect, pooled = connection.dialect, connection.connection
    cursor: Any = pooled.cursor()
    driver = dialect.loaded_dbapi.Error
    try:
        yield cursor
    except driver as error:
        broken = dialect.is_disconnect(error, pooled, cursor)
        if broken:
            connection.invalidate(error)
        raise DBAPIError.instance(
            None, None, error, driver, True, connection_invalidated=broken, dialect=dialect
        ) from error
    finally:
        cursor.close()
