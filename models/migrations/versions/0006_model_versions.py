"""Heads learned from corrections, and which of them reads."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_TABLE = "model_versions"


def upgrade() -> None:
    """Move forward: a new table, nothing of what is there is touched."""
    op.create_table(
        _TABLE,
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("base", sa.String(length=40), nullable=False),
        sa.Column("weights", sa.String(length=64), nullable=False),
        sa.Column("heads", _JSON, nullable=True),
        sa.Column("counts", _JSON, nullable=False),
        sa.Column("figures", _JSON, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("learned_to", _TIME, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("promoted_at", _TIME, nullable=True),
        sa.Column("promoted_by", _KEY, nullable=True),
        sa.Column("retired_at", _TIME, nullable=True),
        sa.Column("retired_by", _KEY, nullable=True),
        sa.Column("replaces_id", _KEY, nullable=True),
        sa.Column("reread_asked_at", _TIME, nullable=True),
        _check("state_known", "state IN ('candidate', 'current', 'retired', 'failed')"),
        _check("heads_whole", "(state = 'failed') = (heads IS NULL)"),
        _check("reason_whole", "(state = 'failed') = (reason IS NOT NULL)"),
        _check("promoted_whole", "state <> 'current' OR promoted_at IS NOT NULL"),
        _key("workspace_id", "workspaces", "CASCADE"),
        _key("promoted_by", "users", "SET NULL"),
        _key("retired_by", "users", "SET NULL"),
        _key("replaces_id", _TABLE, "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_versions")),
        sa.UniqueConstraint(
            "workspace_id", "number", name=op.f("uq_model_versions_workspace_id_number")
        ),
    )
    for column in ("promoted_by", "retired_by", "replaces_id"):
        op.create_index(f"ix_model_versions_{column}", _TABLE, [column])
    for state in ("candidate", "current"):
        _index(f"uq_model_versions_one_{state}", "workspace_id", f"state = '{state}'", unique=True)
    _index("ix_model_versions_asked", "id", "reread_asked_at IS NOT NULL", unique=False)


def _check(name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_model_versions_{name}"))


def _key(column: str, table: str, on_delete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_model_versions_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete=on_delete)


def _index(name: str, column: str, where: str, unique: bool) -> None:
    only = sa.text(where)
    op.create_index(name, _TABLE, [column], unique=unique, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    """Move back; what was learned is lost, comments keep the readings they have."""
    op.drop_table(_TABLE)
