"""Many rows in few statements, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Table
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.base import Base
from surveys.upsert import insert_into

PAGE = 1000


def add_new(
    session: Session,
    model: type[Base],
    rows: Sequence[dict[str, Any]],
    unique: Sequence[str],
    *returning: InstrumentedAttribute[Any],
) -> list[Row[Any]]:
    """Insert the rows whose `unique` columns aren't there yet; `returning` of the new ones."""
    table = model.__table__
    if not rows or not isinstance(table, Table):
        return []
    # on the table rather than the class: rows go in as they are, without the ORM's bookkeeping
    columns = [table.c[column.key] for column in returning]
    statement = (
        insert_into(session, model)
        .on_conflict_do_nothing(index_elements=list(unique))
        .returning(*columns)
    )
    connection = session.connection()
    added: list[Row[Any]] = []
    for start in range(0, len(rows), PAGE):
        added += connection.execute(statement, rows[start : start + PAGE]).all()
    return added
