"""Row ids taken ahead of time, so that rows that point at each other go in set by set."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from models.base import Base
from models.workspace import Workspace


def begin(session: Session, workspace_id: int) -> None:
    """Begin a chunk; on SQLite this takes the write lock, so that no id is taken twice."""
    session.execute(
        update(Workspace)
        .where(Workspace.id == workspace_id)
        .values(name=Workspace.name)
        .execution_options(synchronize_session=False)
    )


def reserve(session: Session, model: type[Base], count: int) -> Sequence[int]:
    """`count` ids of a table that nobody else will get; call begin() first."""
    if session.get_bind().dialect.name == "postgresql":
        taken = text(
            "SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)"
        )
        names = {"name": model.__tablename__, "count": count}
        return list(session.scalars(taken, names))
    column = model.__table__.c.id
    last = session.scalar(select(func.coalesce(func.max(column), 0))) or 0
    return range(last + 1, last + 1 + count)
