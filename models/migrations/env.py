"""Alembic's entry: runs on the connection that models.migrate hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON

from models import tables
from models.base import Base, UTCDateTime
from models.migrate import is_modelled

assert tables.ALL  # the metadata is whole once this module is imported


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our types as plain SQLAlchemy, so that old migrations don't need today's code."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=render_item,
    include_name=is_modelled,
)
with context.begin_transaction():
    context.run_migrations()
