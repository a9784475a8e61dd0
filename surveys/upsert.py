"""INSERT ... ON CONFLICT, written alike for SQLite and PostgreSQL."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.base import Base

Insert = postgresql.Insert | sqlite.Insert


def insert_into(session: Session, model: type[Base]) -> Insert:
    """The INSERT of the session's own dialect, which knows ON CONFLICT and RETURNING."""
    return insert_for(session.get_bind().dialect.name, model)


def insert_for(dialect: str, model: type[Base]) -> Insert:
    """The INSERT of a dialect by its name."""
    return postgresql.insert(model) if dialect == "postgresql" else sqlite.insert(model)
