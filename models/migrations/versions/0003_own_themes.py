"""A workspace's own themes, and what it renames, merges, hides or nests."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Move forward: three new tables, nothing of what is there is touched."""
    _create_own_themes()
    _create_examples()
    op.create_table(
        "theme_settings",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("theme", sa.String(length=63), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("merged_into", sa.String(length=63), nullable=True),
        sa.Column("parent", sa.String(length=63), nullable=True),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("changed_at", _TIME, nullable=False),
        sa.CheckConstraint(
            "merged_into <> theme AND parent <> theme", name=op.f("ck_theme_settings_not_itself")
        ),
        _workspace("theme_settings"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_settings")),
        sa.UniqueConstraint(
            "workspace_id", "theme", name=op.f("uq_theme_settings_workspace_id_theme")
        ),
    )


def _workspace(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id"],
        ["workspaces.id"],
        name=op.f(f"fk_{table}_workspace_id"),
        ondelete="CASCADE",
    )


def _create_own_themes() -> None:
    op.create_table(
        "own_themes",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("key", sa.String(length=63), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("sentence", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("changed_at", _TIME, nullable=False),
        sa.Column(
            "fitted", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
        ),
        sa.Column("fits", sa.Integer(), nullable=False),
        sa.Column("fitted_at", _TIME, nullable=True),
        sa.Column("mark_below", _KEY, nullable=True),
        sa.Column("created_at", _TIME, nullable=False),
        sa.CheckConstraint(
            "state IN ('learning', 'ready', 'failed')", name=op.f("ck_own_themes_state_known")
        ),
        sa.CheckConstraint(
            "state <> 'ready' OR fitted IS NOT NULL", name=op.f("ck_own_themes_ready_whole")
        ),
        _workspace("own_themes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_themes")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_own_themes_workspace_id_key")),
    )


def _create_examples() -> None:
    op.create_table(
        "theme_examples",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("theme_id", _KEY, nullable=False),
        sa.Column("comment_id", _KEY, nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.CheckConstraint(
            "kind IN ('example', 'counter')", name=op.f("ck_theme_examples_kind_known")
        ),
        _workspace("theme_examples"),
        sa.ForeignKeyConstraint(
            ["theme_id"],
            ["own_themes.id"],
            name=op.f("fk_theme_examples_theme_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comments.id"],
            name=op.f("fk_theme_examples_comment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_examples")),
    )
    for column in ("comment_id", "theme_id", "workspace_id"):
        op.create_index(f"ix_theme_examples_{column}", "theme_examples", [column])


def downgrade() -> None:
    """Move back; own themes are lost, their mentions stay under their keys."""
    op.drop_table("theme_settings")
    op.drop_table("theme_examples")
    op.drop_table("own_themes")
