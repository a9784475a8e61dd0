"""Experiments, their variants, and which variant an invitation has.

Revision ID: 0027
Revises: 0026
Create Date: 2026-11-30 10:00:00
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0027"
down_revision: str | None = "0026"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_CHOSEN = sa.text("variant_id IS NOT NULL")


def upgrade() -> None:
    """Move forward: no invitation belongs to an experiment yet."""
    _create_experiments()
    _create_variants()
    op.add_column("invitations", sa.Column("variant_id", _KEY))
    op.create_index(
        "ix_invitations_variant_id",
        "invitations",
        ["variant_id", "customer_id", "id"],
        sqlite_where=_CHOSEN,
        postgresql_where=_CHOSEN,
    )


def downgrade() -> None:
    """Move back; what was tried is lost, what came of it stays."""
    op.drop_index("ix_invitations_variant_id", "invitations")
    op.drop_column("invitations", "variant_id")
    op.drop_table("variants")
    op.drop_table("experiments")


def _create_experiments() -> None:
    op.create_table(
        "experiments",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("trigger_id", _KEY, nullable=False),
        sa.Column("key", sa.String(63), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("applied", sa.String(63)),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("started_at", _TIME),
        sa.Column("stopped_at", _TIME),
        sa.CheckConstraint(
            "state IN ('draft', 'running', 'stopped')", name=op.f("ck_experiments_state_known")
        ),
        _owner("experiments", "workspace_id", "workspaces"),
        _owner("experiments", "trigger_id", "triggers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experiments")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_experiments_workspace_id_key")),
    )
    for column in ("workspace_id", "trigger_id"):
        op.create_index(f"ix_experiments_{column}", "experiments", [column])
    running = sa.text("state = 'running'")
    op.create_index(
        "uq_experiments_one_running",
        "experiments",
        ["trigger_id"],
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )


def _create_variants() -> None:
    channels = "'sms', 'web', 'email', 'whatsapp'"
    op.create_table(
        "variants",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("experiment_id", _KEY, nullable=False),
        sa.Column("key", sa.String(63), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("survey_id", _KEY),
        sa.Column("channel", sa.String(20)),
        sa.Column("delay_seconds", sa.Integer()),
        sa.Column("hour", sa.Integer()),
        sa.CheckConstraint("weight > 0", name=op.f("ck_variants_weight_positive")),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_variants_hour_of_a_day")),
        sa.CheckConstraint("delay_seconds >= 0", name=op.f("ck_variants_delay_not_negative")),
        sa.CheckConstraint(f"channel IN ({channels})", name=op.f("ck_variants_channel_known")),
        _owner("variants", "experiment_id", "experiments"),
        _owner("variants", "survey_id", "surveys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variants")),
        sa.UniqueConstraint("experiment_id", "key", name=op.f("uq_variants_experiment_id_key")),
    )
    op.create_index("ix_variants_survey_id", "variants", ["survey_id"])


def _owner(table: str, column: str, owners: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{owners}.id"], name=name, ondelete="CASCADE")
