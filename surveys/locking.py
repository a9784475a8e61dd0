"""Row locks that hold on both engines."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from sqlalchemy import false, select, update
from sqlalchemy.orm import Session

from models.base import Base

Row = TypeVar("Row", bound=Base)


def lock(session: Session, model: type[Row], row_id: int) -> Row | None:
    """Hold a row until the transaction ends, and read it afresh; None when it is gone.

    SQLite has no row locks: there an UPDATE that changes nothing takes the one write lock of
    the database first, so that what is read next can't be stale.
    """
    table = model.__table__
    if session.get_bind().dialect.name == "sqlite":
        nothing = update(model).where(table.c.id == row_id).values(id=table.c.id)
        session.execute(nothing.execution_options(synchronize_session=False))
    wanted = select(model).where(table.c.id == row_id).with_for_update(key_share=True)
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def take_turns(session: Session, model: type[Base]) -> None:
    """On SQLite, take the one write lock before anything is read that it may change."""
    if session.get_bind().dialect.name == "sqlite":
        nothing = update(model).where(false()).values(id=model.__table__.c.id)
        session.execute(nothing.execution_options(synchronize_session=False))


def lock_all(session: Session, model: type[Base], ids: Collection[int]) -> None:
    """Hold rows until the transaction ends, in the order of their ids, so that nobody waits in a
    circle; on SQLite, the one write lock."""
    if session.get_bind().dialect.name == "sqlite":
        take_turns(session, model)
        return
    row_id = model.__table__.c.id
    held = select(row_id).where(row_id.in_(ids)).order_by(row_id)
    session.execute(held.with_for_update(key_share=True)).all()
