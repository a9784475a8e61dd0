"""Work is done by several at once, in turns of workspaces; it may rest, and is counted.

Revision ID: 0021
Revises: 0020
Create Date: 2026-11-30 11:00:00
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from models.base import BigId, UTCDateTime

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TURNS = (
    ("ix_invitations_turns", "invitations", ("workspace_id", "due_at"), "status = 'scheduled'"),
    ("ix_comments_turns", "comments", ("workspace_id", "id"), "read_state = 'waiting'"),
    ("ix_answers_turns", "answers", ("workspace_id", "id"), "scored_at IS NULL"),
    ("ix_messages_turns", "messages", ("workspace_id", "priority", "id"), "status = 'pending'"),
)
_UNFINISHED = sa.text("status IN ('ready', 'running')")


def upgrade() -> None:
    """Move forward: nothing rests, nothing is counted yet, nobody is an operator."""
    off: sa.Column[bool] = sa.Column(
        "operator", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("users", off)
    _add_slots()
    for name, table, columns, which in _TURNS:
        where = sa.text(which)
        op.create_index(name, table, list(columns), sqlite_where=where, postgresql_where=where)
    _create_pauses()
    _create_counts()


def _add_slots() -> None:
    first: sa.Column[int] = sa.Column("slot", sa.Integer(), nullable=False, server_default="0")
    op.add_column("tasks", first)
    op.drop_index("uq_tasks_one_unfinished", table_name="tasks")
    _one_unfinished("kind", "slot")
    op.create_index("ix_tasks_kind_finished_at", "tasks", ["kind", "finished_at"])


def _one_unfinished(*columns: str) -> None:
    op.create_index(
        "uq_tasks_one_unfinished",
        "tasks",
        list(columns),
        unique=True,
        sqlite_where=_UNFINISHED,
        postgresql_where=_UNFINISHED,
    )


def _create_pauses() -> None:
    op.create_table(
        "pauses",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("workspace_id", BigId),
        sa.Column("user_id", BigId),
        sa.Column("paused_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_pauses_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_pauses_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pauses")),
    )
    op.create_index(op.f("ix_pauses_workspace_id"), "pauses", ["workspace_id"])
    op.create_index(op.f("ix_pauses_user_id"), "pauses", ["user_id"])


def _create_counts() -> None:
    op.create_table(
        "workers",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("takes_from", sa.String(10), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workers")),
    )
    op.create_table(
        "job_totals",
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("tasks", BigId, nullable=False),
        sa.Column("rows", BigId, nullable=False),
        sa.Column("failures", BigId, nullable=False),
        sa.Column("lateness_seconds", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_job_totals")),
    )
    op.create_table(
        "job_lateness",
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("tasks", BigId, nullable=False),
        sa.PrimaryKeyConstraint("kind", "seconds", name=op.f("pk_job_lateness")),
    )


def downgrade() -> None:
    """Move back; of several unfinished tasks of a kind one is kept, the rest is due again."""
    for table in ("job_lateness", "job_totals", "workers", "pauses"):
        op.drop_table(table)
    for name, table, _, _ in _TURNS:
        op.drop_index(name, table_name=table)
    op.drop_index("ix_tasks_kind_finished_at", table_name="tasks")
    op.drop_index("uq_tasks_one_unfinished", table_name="tasks")
    op.execute("DELETE FROM tasks WHERE slot > 0 AND status IN ('ready', 'running')")
    op.drop_column("tasks", "slot")
    _one_unfinished("kind")
    op.drop_column("users", "operator")
