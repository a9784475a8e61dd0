"""Events that came before the one that names their customer wait for it; windows end at 24:00.

Revision ID: 0032
Revises: 0031
Create Date: 2026-11-30 20:45:00
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
expands: bool = True

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_TABLE = "intake_waiting"
_TRIGGERS = sa.table("triggers", sa.column("id", _KEY), sa.column("window", _JSON))


def upgrade() -> None:
    """Move forward: a table, and a count of files that says nothing waits."""
    op.create_table(
        _TABLE,
        _column("id", _KEY),
        _column("workspace_id", _KEY),
        _column("source", sa.String(40)),
        _column("external_id", sa.String(200)),
        _column("waits_for", sa.String(200)),
        _column("item", _JSON),
        _column("came_at", _TIME),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_intake_waiting_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_waiting")),
        sa.UniqueConstraint(
            "workspace_id",
            "source",
            "external_id",
            name=op.f("uq_intake_waiting_workspace_id_source_external_id"),
        ),
    )
    named = ["workspace_id", "source", "waits_for"]
    op.create_index(f"ix_{_TABLE}_{'_'.join(named)}", _TABLE, named)
    op.create_index(f"ix_{_TABLE}_came_at", _TABLE, ["came_at"])
    op.add_column(
        "intake_files", sa.Column("waiting", sa.Integer(), server_default="0", nullable=False)
    )
    _end_days()


def downgrade() -> None:
    """Move back; what waits is lost."""
    op.drop_column("intake_files", "waiting")
    op.drop_table(_TABLE)


def _end_days() -> None:
    """A window until "00:00" is one until "24:00", as configurations write it."""
    bind = op.get_bind()
    kept = sa.select(_TRIGGERS.c.id, _TRIGGERS.c.window).where(_TRIGGERS.c.window.is_not(None))
    for number, window in bind.execute(kept).all():
        if window and window.get("to") == "00:00":
            mine = sa.update(_TRIGGERS).where(_TRIGGERS.c.id == number)
            bind.execute(mine.values(window={**window, "to": "24:00"}))


def _column(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)
