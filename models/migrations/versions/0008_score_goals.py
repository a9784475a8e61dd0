"""Targets, benchmarks and the worth of a point, by journey and metric."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLE = "score_goals"


def upgrade() -> None:
    """Move forward: a new table, nothing of what is there is touched."""
    op.create_table(
        _TABLE,
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("journey_id", _KEY, nullable=False),
        sa.Column("metric", sa.String(length=10), nullable=False),
        sa.Column("target", sa.Double(), nullable=True),
        sa.Column("benchmark", sa.Double(), nullable=True),
        sa.Column("benchmark_name", sa.String(length=80), nullable=True),
        sa.Column("point_value", sa.Double(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _check("metric_known", "metric IN ('nps', 'csat', 'ces')"),
        _check("worth_whole", "(point_value IS NULL) = (currency IS NULL)"),
        _check("worth_positive", "point_value > 0"),
        _key("workspace_id", "workspaces"),
        _key("journey_id", "journeys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_goals")),
        sa.UniqueConstraint("journey_id", "metric", name=op.f("uq_score_goals_journey_id_metric")),
    )
    op.create_index("ix_score_goals_workspace_id", _TABLE, ["workspace_id"])


def _check(name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_score_goals_{name}"))


def _key(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_score_goals_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    """Move back; goals are lost, scores are not touched."""
    op.drop_table(_TABLE)
