"""Answers put right by people, and comments that ask to be contacted.

Revision ID: 0022
Revises: 0021
Create Date: 2026-11-30 10:00:00
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Move forward: nothing was put right yet; wishes are found as comments are read (again)."""
    op.create_table(
        "answer_corrections",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("response_id", _KEY, nullable=False),
        sa.Column("question", sa.String(63), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("user_id", _KEY, nullable=True),
        sa.Column("told_by", sa.String(120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("was", _JSON, nullable=False),
        sa.Column("said", _JSON, nullable=False),
        sa.Column("undoes_id", _KEY, nullable=True),
        sa.CheckConstraint(
            "kind IN ('corrected', 'undone')", name=op.f("ck_answer_corrections_kind_known")
        ),
        sa.CheckConstraint(
            "(kind = 'undone') = (undoes_id IS NOT NULL)", name=op.f("ck_answer_corrections_whole")
        ),
        _owner("workspace_id", "workspaces"),
        _owner("response_id", "responses"),
        _owner("user_id", "users", "SET NULL"),
        _owner("undoes_id", "answer_corrections"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_corrections")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_answer_corrections_undoes_id")),
    )
    for column in ("workspace_id", "response_id", "user_id"):
        op.create_index(f"ix_answer_corrections_{column}", "answer_corrections", [column])
    unasked: sa.Column[bool] = sa.Column(
        "wants_contact", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("comments", unasked)
    op.create_index(
        "ix_comments_needed",
        "comments",
        ["workspace_id", "occurred_at"],
        sqlite_where=sa.text("urgent = 1 OR wants_contact = 1"),
        postgresql_where=sa.text("urgent OR wants_contact"),
    )


def downgrade() -> None:
    """Move back; the answers stay as they were put right, and nobody knows by whom."""
    op.drop_index("ix_comments_needed", "comments")
    op.drop_column("comments", "wants_contact")
    op.drop_table("answer_corrections")


def _owner(column: str, owners: str, then: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_answer_corrections_{column}")
    return sa.ForeignKeyConstraint([column], [f"{owners}.id"], name=name, ondelete=then)
