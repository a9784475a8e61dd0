"""A fall-back may carry messages, STOP may hold everywhere, and lost receipts are asked for.

Revision ID: 0025
Revises: 0024
Create Date: 2026-11-30 09:40:00
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

from models.base import BigId, UTCDateTime

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_LATELY = timedelta(days=2)
_LEVELS = "'sender', 'workspace', 'everywhere'"


def upgrade() -> None:
    """Move forward; of the last days' messages without a last word the provider is asked."""
    op.add_column("messages", sa.Column("via", sa.String(34)))
    op.add_column("messages", sa.Column("account", sa.String(34)))
    op.add_column("messages", sa.Column("follow_at", UTCDateTime()))
    asked: sa.Column[int] = sa.Column("asked", sa.Integer(), nullable=False, server_default="0")
    op.add_column("messages", asked)
    _index("ix_messages_via", ["status", "provider", "via", "priority", "id"], "via IS NOT NULL")
    _index("ix_messages_follow_at", ["follow_at"], "follow_at IS NOT NULL")
    _follow_the_latest()
    op.create_table(
        "stops_everywhere",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("said_in", BigId),
        sa.Column("sender", sa.String(34)),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("detail", sa.String(200)),
        sa.Column("occurred_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["said_in"],
            ["workspaces.id"],
            name=op.f("fk_stops_everywhere_said_in"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stops_everywhere")),
    )
    op.create_index(op.f("ix_stops_everywhere_said_in"), "stops_everywhere", ["said_in"])
    op.create_index(
        "ix_stops_everywhere_address", "stops_everywhere", ["channel", "address", "occurred_at"]
    )
    # a column's own check: SQLite could add a table's only by copying the table
    op.execute(
        "ALTER TABLE workspaces ADD COLUMN optout VARCHAR(10) DEFAULT 'everywhere' NOT NULL "
        f"CONSTRAINT ck_workspaces_optout_known CHECK (optout IN ({_LEVELS}))"
    )


def _index(name: str, columns: list[str], where: str) -> None:
    """An index of the few rows that it is for."""
    few = sa.text(where)
    op.create_index(name, "messages", columns, sqlite_where=few, postgresql_where=few)


def _follow_the_latest() -> None:
    messages = sa.table(
        "messages",
        sa.column("status", sa.String()),
        sa.column("direction", sa.String()),
        sa.column("created_at", UTCDateTime()),
        sa.column("follow_at", UTCDateTime()),
    )
    now = datetime.now(UTC)
    waiting = ("accepted", "scheduled", "queued", "sent")
    op.execute(
        messages.update()
        .where(
            messages.c.status.in_(waiting),
            messages.c.direction == "out",
            messages.c.created_at > now - _LATELY,
        )
        .values(follow_at=now)
    )


def downgrade() -> None:
    """Move back; what was said for everywhere is kept by each workspace that has the number."""
    op.execute(
        "INSERT INTO consents (workspace_id, customer_id, channel, address, sender, state, source,"
        " detail, occurred_at) SELECT w.id, NULL, s.channel, s.address, NULL, 'withdrawn',"
        " s.source, NULL, s.occurred_at FROM stops_everywhere s CROSS JOIN workspaces w"
    )
    op.execute("ALTER TABLE workspaces DROP COLUMN optout")
    op.drop_table("stops_everywhere")
    op.drop_index("ix_messages_follow_at", table_name="messages")
    op.drop_index("ix_messages_via", table_name="messages")
    for name in ("asked", "follow_at", "account", "via"):
        op.drop_column("messages", name)
