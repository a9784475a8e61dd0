"""Triggers of more kinds with appointments, a choice of channels, and e-mail in the outbox.

Revision ID: 0026
Revises: 0025
Create Date: 2026-11-30 11:00:00
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from models.base import JSONDocument, UTCDateTime

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SHORT, _LONG = 34, 254
_ADDRESSED = ("messages", "suppressions")
_BY_APPOINTMENT = sa.text("period IS NOT NULL")
_OF_TRIGGERS = ("other_channels", "timing", "unless", "window", "state", "seen_at")


def upgrade() -> None:
    """Move forward: every trigger is one of events, with one channel."""
    _grow_triggers()
    _create_appointments()
    op.add_column("invitations", sa.Column("other_channels", sa.String(60)))
    op.add_column("invitations", sa.Column("period", sa.Integer()))
    op.create_index(
        "uq_invitations_appointment",
        "invitations",
        ["trigger_id", "customer_id", "period"],
        unique=True,
        sqlite_where=_BY_APPOINTMENT,
        postgresql_where=_BY_APPOINTMENT,
    )
    op.create_index(
        "ix_customers_workspace_id_updated_at", "customers", ["workspace_id", "updated_at", "id"]
    )
    op.add_column("messages", sa.Column("letter", JSONDocument))
    for table in _ADDRESSED:
        _resize(table, _SHORT, _LONG)


def downgrade() -> None:
    """Move back; e-mails, and what only new triggers ask, are lost."""
    op.execute("DELETE FROM messages WHERE length(address) > 34 OR address LIKE '%@%'")
    op.execute("DELETE FROM suppressions WHERE length(address) > 34 OR address LIKE '%@%'")
    op.execute("DELETE FROM triggers WHERE kind <> 'event' OR delay_seconds < 0")
    for table in _ADDRESSED:
        _resize(table, _LONG, _SHORT)
    op.drop_column("messages", "letter")
    op.drop_index("ix_customers_workspace_id_updated_at", "customers")
    op.drop_index("uq_invitations_appointment", "invitations")
    op.drop_column("invitations", "period")
    op.drop_column("invitations", "other_channels")
    op.drop_table("appointments")
    op.drop_index("ix_triggers_kind", "triggers")
    for name in (*_OF_TRIGGERS, "kind", "seen_id", "seen_all"):
        op.drop_column("triggers", name)


def _grow_triggers() -> None:
    always: list[sa.Column[Any]] = [
        sa.Column("kind", sa.String(10), nullable=False, server_default="event"),
        sa.Column("seen_id", _KEY, nullable=False, server_default="0"),
        sa.Column("seen_all", sa.Boolean(), nullable=False, server_default=sa.false()),
    ]
    types: tuple[Any, ...] = (
        *(sa.String(60), JSONDocument, JSONDocument, JSONDocument, sa.String(10), UTCDateTime()),
    )
    optional = [sa.Column(name, kind) for name, kind in zip(_OF_TRIGGERS, types, strict=True)]
    for column in (*always, *optional):
        op.add_column("triggers", column)
    op.create_index("ix_triggers_kind", "triggers", ["kind"])


def _create_appointments() -> None:
    op.create_table(
        "appointments",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("trigger_id", _KEY, nullable=False),
        sa.Column("customer_id", _KEY, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        _owner("workspace_id", "workspaces"),
        _owner("trigger_id", "triggers"),
        _owner("customer_id", "customers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint(
            "trigger_id", "customer_id", name=op.f("uq_appointments_trigger_id_customer_id")
        ),
    )
    op.create_index("ix_appointments_trigger_id_due_at", "appointments", ["trigger_id", "due_at"])
    for column in ("workspace_id", "customer_id"):
        op.create_index(op.f(f"ix_appointments_{column}"), "appointments", [column])


def _owner(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_appointments_{column}_{table}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete="CASCADE")


def _resize(table: str, before: int, now: int) -> None:
    """An address may be an e-mail's; on SQLite only the declaration says how long it is."""
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column(table, "address", type_=sa.String(now), existing_nullable=False)
        return
    bind = op.get_bind()
    version = bind.scalar(sa.text("PRAGMA schema_version"))
    bind.execute(sa.text("PRAGMA writable_schema = ON"))
    bind.execute(
        sa.text(
            "UPDATE sqlite_schema SET sql = replace(sql, :before, :now) "
            "WHERE type = 'table' AND name = :name"
        ),
        {
            "before": f"address VARCHAR({before})",
            "now": f"address VARCHAR({now})",
            "name": table,
        },
    )
    bind.execute(sa.text(f"PRAGMA schema_version = {int(version or 0) + 1}"))
    bind.execute(sa.text("PRAGMA writable_schema = OFF"))
