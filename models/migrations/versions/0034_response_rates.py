"""Who was asked and who answered is kept as counts; all that was is marked to be counted.

Revision ID: 0034
Revises: 0033
Create Date: 2026-11-30 23:50:00
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from models import marking

revision: str = "0034"
down_revision: str | None = "0033"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
expands: bool = True

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_PLACE = ("workspace_id", "touchpoint_id", "hour")


def upgrade() -> None:
    """Move forward: two tables; the history is only marked, and counted by the worker."""
    _cells()
    _marks()
    connection = op.get_bind()
    marking.install(connection)
    op.execute(
        sa.text(
            f"INSERT INTO rate_marks ({', '.join(_PLACE)}) "  # noqa: S608 - names of our own
            f"SELECT DISTINCT workspace_id, touchpoint_id, {marking.hour(connection)} "
            "FROM invitations WHERE sent_at IS NOT NULL AND touchpoint_id IS NOT NULL"
        )
    )


def _cells() -> None:
    key = (
        *("workspace_id", "segment_id", "level", "node"),
        *("touchpoint_id", "channel", "survey_id"),
    )
    op.create_table(
        "rate_cells",
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("segment_id", _KEY, nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("node", sa.Integer(), nullable=False),
        sa.Column("touchpoint_id", _KEY, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("survey_id", _KEY, nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("asked", "delivered", "answered", "completed", "waiting")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_rate_cells_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_rate_cells")),
    )


def _marks() -> None:
    op.create_table(
        "rate_marks",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("touchpoint_id", _KEY, nullable=False),
        sa.Column("hour", sa.String(length=13), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_marks")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rate_marks_place", "rate_marks", [*_PLACE])


def downgrade() -> None:
    """Move back; reports count invitations again."""
    connection = op.get_bind()
    marking.remove(connection)
    for table in ("rate_marks", "rate_cells"):
        op.drop_table(table)
    marking.install(connection)
