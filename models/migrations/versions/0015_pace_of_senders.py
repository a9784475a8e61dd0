"""Senders have a standing, numbers may be suppressed, and a sender's messages are found at once.

Revision ID: 0015
Revises: 0014
Create Date: 2026-11-29 19:00:00
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from models.base import BigId, UTCDateTime

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Move forward."""
    op.create_table(
        "sender_states",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("provider", sa.String(20), nullable=False),
        sa.Column("sender", sa.String(34), nullable=False),
        sa.Column("per_second", sa.Float()),
        sa.Column("next_at", UTCDateTime()),
        sa.Column("slowed_per_second", sa.Float()),
        sa.Column("slowed_until", UTCDateTime()),
        sa.Column("paused_until", UTCDateTime()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(20)),
        sa.Column("alarm_code", sa.String(20)),
        sa.Column("alarm_at", UTCDateTime()),
        sa.CheckConstraint("per_second > 0", name=op.f("ck_sender_states_per_second_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sender_states")),
        sa.UniqueConstraint("provider", "sender", name=op.f("uq_sender_states_provider_sender")),
    )
    op.create_table(
        "suppressions",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("workspace_id", BigId, nullable=False),
        sa.Column("address", sa.String(34), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("occurred_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_suppressions_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppressions")),
        sa.UniqueConstraint(
            "workspace_id", "address", name=op.f("uq_suppressions_workspace_id_address")
        ),
    )
    op.create_index(
        "ix_messages_outbox", "messages", ["status", "provider", "sender", "priority", "id"]
    )
    op.drop_index("ix_messages_status_priority", table_name="messages")


def downgrade() -> None:
    """Move back."""
    op.create_index("ix_messages_status_priority", "messages", ["status", "priority", "id"])
    op.drop_index("ix_messages_outbox", table_name="messages")
    op.drop_table("suppressions")
    op.drop_table("sender_states")
