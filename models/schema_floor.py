"""Which programs the tables as they are can be worked on by."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class SchemaFloor(Base):
    """One row: the newest revision that a program must know to work on these tables.

    Revisions after it only added what an older program doesn't miss (`expands` in the migration),
    so that for the minutes of a rolling upgrade two versions work side by side.
    """

    __tablename__ = "schema_floors"

    revision: Mapped[str] = mapped_column(String(32), primary_key=True)
