"""Additive statistics, the marks of what changed, and who belongs to which segment."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from models import marking

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Move forward: new tables; the history is only marked, and counted by the worker."""
    _cells()
    _marks()
    _states()
    _members()
    marking.install(op.get_bind())
    op.execute(sa.text("INSERT INTO statistic_marks (workspace_id) SELECT id FROM workspaces"))


def _cells() -> None:
    key = (
        *("workspace_id", "segment_id", "level", "node"),
        *("shelf", "channel", "survey_id", "language"),
    )
    op.create_table(
        "statistic_cells",
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("segment_id", _KEY, nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("node", sa.Integer(), nullable=False),
        sa.Column("shelf", _KEY, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("survey_id", _KEY, nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("reach", sa.LargeBinary(), nullable=False),
        sa.Column("rest", sa.LargeBinary(), nullable=False),
        _workspace("statistic_cells"),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_statistic_cells")),
    )


def _marks() -> None:
    op.create_table(
        "statistic_marks",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("touchpoint_id", _KEY, nullable=True),
        sa.Column("hour", sa.String(length=13), nullable=True),
        sa.Column("customer_id", _KEY, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistic_marks")),
        sqlite_autoincrement=True,
    )
    places = ["workspace_id", "touchpoint_id", "hour"]
    op.create_index("ix_statistic_marks_place", "statistic_marks", places)
    op.create_index(
        "ix_statistic_marks_customer", "statistic_marks", ["workspace_id", "customer_id"]
    )


def _states() -> None:
    op.create_table(
        "statistic_states",
        sa.Column("workspace_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("segments", _JSON, nullable=False),
        sa.Column("building", _JSON, nullable=True),
        sa.Column("customer_cursor", _KEY, nullable=True),
        sa.Column("first_day", sa.Integer(), nullable=True),
        sa.Column("day_cursor", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("taken", _KEY, nullable=False),
        sa.Column("built_at", _TIME, nullable=True),
        _workspace("statistic_states"),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_statistic_states")),
    )


def _members() -> None:
    op.create_table(
        "segment_members",
        sa.Column("customer_id", _KEY, nullable=False),
        sa.Column("segment_id", _KEY, nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{one}_id"],
                [f"{one}s.id"],
                name=op.f(f"fk_segment_members_{one}_id"),
                ondelete="CASCADE",
            )
            for one in ("customer", "segment")
        ),
        sa.PrimaryKeyConstraint("customer_id", "segment_id", name=op.f("pk_segment_members")),
    )
    op.create_index("ix_segment_members_segment_id", "segment_members", ["segment_id"])


def _workspace(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_workspace_id")
    return sa.ForeignKeyConstraint(
        ["workspace_id"], ["workspaces.id"], name=name, ondelete="CASCADE"
    )


def downgrade() -> None:
    """Move back; reports count rows again."""
    marking.remove(op.get_bind())
    for table in ("segment_members", "statistic_states", "statistic_marks", "statistic_cells"):
        op.drop_table(table)
