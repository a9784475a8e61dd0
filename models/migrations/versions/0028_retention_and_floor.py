"""How long a workspace keeps things, and which programs may work on these tables.

Revision ID: 0028
Revises: 0027
Create Date: 2026-11-30 10:00:00
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
expands: bool = True

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KINDS = ("decision", "event", "message")


def upgrade() -> None:
    """Move forward: two new tables; everything is kept, as before."""
    op.create_table(
        "retentions",
        sa.Column("workspace_id", _KEY, nullable=False),
        *(sa.Column(f"{kind}_days", sa.Integer()) for kind in _KINDS),
        *(sa.Column(f"{kind}_cursor", _KEY, nullable=False) for kind in _KINDS),
        sa.Column("looked_at", sa.DateTime(timezone=True)),
        *(
            sa.CheckConstraint(
                f"{kind}_days BETWEEN 30 AND 36500", name=op.f(f"ck_retentions_{kind}_days_sane")
            )
            for kind in _KINDS
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_retentions_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_retentions")),
    )
    floors = op.create_table(
        "schema_floors",
        sa.Column("revision", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_schema_floors")),
    )
    op.bulk_insert(floors, [{"revision": down_revision}])


def downgrade() -> None:
    """Move back; what was to be forgotten is kept."""
    op.drop_table("schema_floors")
    op.drop_table("retentions")
