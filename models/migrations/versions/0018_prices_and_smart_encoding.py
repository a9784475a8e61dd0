"""What an SMS costs, and whether its typographic signs are replaced.

Revision ID: 0018
Revises: 0017
Create Date: 2026-11-29 19:00:00
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Move forward: no price is known, and texts go out as they were written."""
    op.create_table(
        "sms_prices",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("prefix", sa.String(12), nullable=False),
        sa.Column("price", sa.Double(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("price >= 0", name=op.f("ck_sms_prices_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_sms_prices_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_prices")),
        sa.UniqueConstraint(
            "workspace_id", "prefix", name=op.f("uq_sms_prices_workspace_id_prefix")
        ),
    )
    op.create_index(op.f("ix_sms_prices_workspace_id"), "sms_prices", ["workspace_id"])
    off: sa.Column[bool] = sa.Column(
        "smart_encoding", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("workspaces", off)


def downgrade() -> None:
    """Move back; the prices are lost."""
    op.drop_column("workspaces", "smart_encoding")
    op.drop_table("sms_prices")
