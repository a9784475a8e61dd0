"""What a receipt said of a sender is told apart from what a request was answered with.

Revision ID: 0030
Revises: 0029
Create Date: 2026-11-30 18:45:00
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
expands: bool = True


def upgrade() -> None:
    """Move forward."""
    op.add_column(
        "sender_states",
        sa.Column("unproven", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    """Move back."""
    with op.batch_alter_table("sender_states") as table:
        table.drop_column("unproven")
