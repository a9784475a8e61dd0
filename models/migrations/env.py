"""Alembic's entry: runs on the connection that models.migrate hands over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import Script
from sqlalchemy import JSON, inspect, text

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


def keep_floor(
    ctx: MigrationContext, step: MigrationInfo, heads: Collection[str], run_args: Mapping[str, Any]
) -> None:
    """After a migration that older programs can't live with, raise the floor with it."""
    bind = ctx.connection
    if bind is None or not step.is_upgrade or not inspect(bind).has_table("schema_floors"):
        return
    script = step.up_revision
    if isinstance(script, Script) and not getattr(script.module, "expands", False):
        bind.execute(text("UPDATE schema_floors SET revision = :it"), {"it": script.revision})


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=render_item,
    include_name=is_modelled,
    transaction_per_migration=True,
    on_version_apply=keep_floor,
)
with context.begin_transaction():
    context.run_migrations()
