"""Corrections by people, the model's own reading beside them, and reading again."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Move forward; columns are added in place, so that large tables are not copied."""
    op.add_column(
        "comments",
        sa.Column("model_reading", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
    )
    op.add_column("comments", sa.Column("reread_at", sa.DateTime(timezone=True)))
    marked = sa.text("reread_at IS NOT NULL")
    op.create_index(
        "ix_comments_reread", "comments", ["id"], sqlite_where=marked, postgresql_where=marked
    )
    # one statement with its CHECK: on SQLite a constraint added later would copy the table
    op.execute(
        "ALTER TABLE mentions ADD COLUMN source VARCHAR(10) DEFAULT 'model' NOT NULL "
        "CONSTRAINT ck_mentions_source_known CHECK (source IN ('model', 'person'))"
    )
    _create_corrections()


def _create_corrections() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("comment_id", _KEY, nullable=False),
        sa.Column("user_id", _KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("theme", sa.String(length=63), nullable=True),
        sa.Column("new_theme", sa.String(length=63), nullable=True),
        sa.Column("sentiment", sa.String(length=10), nullable=True),
        sa.Column("was", sa.String(length=10), nullable=True),
        sa.Column("undoes_id", _KEY, nullable=True),
        sa.CheckConstraint(
            "kind IN ('sentiment', 'added', 'removed', 'changed', 'undone')",
            name=op.f("ck_corrections_kind_known"),
        ),
        sa.CheckConstraint(
            "sentiment IN ('negative', 'neutral', 'positive')",
            name=op.f("ck_corrections_sentiment_known"),
        ),
        sa.CheckConstraint(
            "(kind = 'undone') = (undoes_id IS NOT NULL) "
            "AND (kind IN ('removed', 'undone') OR sentiment IS NOT NULL) "
            "AND (kind NOT IN ('added', 'removed', 'changed') OR theme IS NOT NULL "
            'AND "start" IS NOT NULL AND "end" IS NOT NULL '
            'AND "start" >= 0 AND "end" > "start") '
            "AND (kind <> 'changed' OR new_theme IS NOT NULL)",
            name=op.f("ck_corrections_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_corrections_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comments.id"],
            name=op.f("fk_corrections_comment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_corrections_user_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"],
            ["corrections.id"],
            name=op.f("fk_corrections_undoes_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_corrections_undoes_id")),
    )
    op.create_index("ix_corrections_comment_id", "corrections", ["comment_id"])
    op.create_index("ix_corrections_user_id", "corrections", ["user_id"])
    op.create_index(
        "ix_corrections_workspace_id_created_at", "corrections", ["workspace_id", "created_at"]
    )


def downgrade() -> None:
    """Move back; corrections are lost, what they changed stays."""
    op.drop_table("corrections")
    op.drop_column("mentions", "source")
    op.drop_index("ix_comments_reread", "comments")
    op.drop_column("comments", "reread_at")
    op.drop_column("comments", "model_reading")
