"""Runs of emerging topics, the topics, and the comments that speak of them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_COUNTS = (
    "comments",
    "uncovered",
    "comments_before",
    "uncovered_before",
    "unread",
    "drawn",
    "drawn_before",
    "done_rows",
    "total_rows",
    "attempts",
)


def upgrade() -> None:
    """Move forward: three new tables, nothing of what is there is touched."""
    _create_runs()
    _create_topics()
    op.create_table(
        "topic_comments",
        sa.Column("topic_id", _KEY, nullable=False),
        sa.Column("comment_id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Integer(), nullable=True),
        _owner("topic_comments", "topic_id", "topics"),
        _owner("topic_comments", "comment_id", "comments"),
        _owner("topic_comments", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("topic_id", "comment_id", name=op.f("pk_topic_comments")),
    )
    op.create_index("ix_topic_comments_comment_id", "topic_comments", ["comment_id"])
    op.create_index("ix_topic_comments_workspace_id", "topic_comments", ["workspace_id"])


def _owner(table: str, column: str, owners: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{owners}.id"], name=name, ondelete="CASCADE")


def _create_runs() -> None:
    op.create_table(
        "topic_runs",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("user_id", _KEY, nullable=True),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("before_at", _TIME, nullable=False),
        sa.Column("starts_at", _TIME, nullable=False),
        sa.Column("ends_at", _TIME, nullable=False),
        sa.Column("settings", _JSON, nullable=False),
        sa.Column("model", sa.String(length=60), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("claimed_until", _TIME, nullable=True),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("started_at", _TIME, nullable=True),
        sa.Column("finished_at", _TIME, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'done', 'failed')",
            name=op.f("ck_topic_runs_status_known"),
        ),
        sa.CheckConstraint(
            "origin IN ('page', 'command', 'clock')", name=op.f("ck_topic_runs_origin_known")
        ),
        sa.CheckConstraint(
            "before_at < starts_at AND starts_at < ends_at",
            name=op.f("ck_topic_runs_period_ordered"),
        ),
        sa.CheckConstraint(
            "status <> 'failed' OR error IS NOT NULL", name=op.f("ck_topic_runs_failed_why")
        ),
        sa.CheckConstraint(
            "status <> 'done' OR (finished_at IS NOT NULL AND model IS NOT NULL)",
            name=op.f("ck_topic_runs_done_whole"),
        ),
        _owner("topic_runs", "workspace_id", "workspaces"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_topic_runs_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_runs")),
    )
    open_ = sa.text("status IN ('queued', 'running')")
    op.create_index(
        "uq_topic_runs_one_unfinished",
        "topic_runs",
        ["workspace_id", "starts_at", "ends_at"],
        unique=True,
        sqlite_where=open_,
        postgresql_where=open_,
    )
    op.create_index(
        "ix_topic_runs_period", "topic_runs", ["workspace_id", "starts_at", "ends_at", "id"]
    )
    op.create_index(
        "ix_topic_runs_owed",
        "topic_runs",
        ["created_at"],
        sqlite_where=open_,
        postgresql_where=open_,
    )
    op.create_index("ix_topic_runs_user_id", "topic_runs", ["user_id"])


def _create_topics() -> None:
    op.create_table(
        "topics",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("run_id", _KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("words", _JSON, nullable=False),
        sa.Column("now", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("trend", sa.String(length=10), nullable=False),
        sa.Column("low", sa.Double(), nullable=False),
        sa.Column("high", sa.Double(), nullable=False),
        sa.Column("negative", sa.Integer(), nullable=False),
        sa.Column("neutral", sa.Integer(), nullable=False),
        sa.Column("positive", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "trend IN ('new', 'growing', 'fading', 'steady', 'unsure')",
            name=op.f("ck_topics_trend_known"),
        ),
        _owner("topics", "workspace_id", "workspaces"),
        _owner("topics", "run_id", "topic_runs"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
    )
    op.create_index("ix_topics_run_id", "topics", ["run_id", "position"], unique=True)
    op.create_index("ix_topics_workspace_id", "topics", ["workspace_id"])


def downgrade() -> None:
    """Move back; runs and their topics are lost."""
    op.drop_table("topic_comments")
    op.drop_table("topics")
    op.drop_table("topic_runs")
