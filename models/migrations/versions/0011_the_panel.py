"""The panel: what the same customers answered again and again, a pack a day."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Move forward: a new table and a column; the worker fills them when it counts anew."""
    op.create_table(
        "statistic_panels",
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("pack", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_statistic_panels_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "day", name=op.f("pk_statistic_panels")),
    )
    share = sa.Column("panel_share", sa.Integer(), nullable=False, server_default="0")
    op.add_column("statistic_states", share)


def downgrade() -> None:
    """Move back; the panel is lost, and made anew by the next move forward."""
    op.drop_column("statistic_states", "panel_share")
    op.drop_table("statistic_panels")
