"""Sources and files of events, what was refused, merged customers, and when a customer was told of.

Revision ID: 0023
Revises: 0022
Create Date: 2026-11-30 09:30:00
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_KINDS = "'shopify', 'woocommerce', 'stripe', 'zendesk', 'json', 'folder'"


def upgrade() -> None:
    """Move forward: four tables, and a column that says nothing of the customers there are."""
    _create_aliases()
    _create_sources()
    _create_files()
    _create_refusals()
    op.add_column("customers", sa.Column("stated_at", _TIME, nullable=True))


def downgrade() -> None:
    """Move back; ids of merged customers and the sources are lost."""
    op.drop_column("customers", "stated_at")
    for table in ("intake_refusals", "intake_files", "intake_sources", "customer_aliases"):
        op.drop_table(table)


def _create_aliases() -> None:
    op.create_table(
        "customer_aliases",
        _column("id", _KEY),
        _column("workspace_id", _KEY),
        _column("external_id", sa.String(200)),
        _column("customer_id", _KEY),
        _column("created_at", _TIME),
        _owner("customer_aliases", "workspace_id", "workspaces"),
        _owner("customer_aliases", "customer_id", "customers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_aliases")),
        sa.UniqueConstraint(
            "workspace_id", "external_id", name=op.f("uq_customer_aliases_workspace_id_external_id")
        ),
    )
    op.create_index(op.f("ix_customer_aliases_customer_id"), "customer_aliases", ["customer_id"])


def _create_sources() -> None:
    op.create_table(
        "intake_sources",
        _column("id", _KEY),
        _column("workspace_id", _KEY),
        _column("kind", sa.String(20)),
        _column("name", sa.String(40)),
        _column("token", sa.String(40)),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("mapping", _JSON, nullable=True),
        _column("created_at", _TIME),
        sa.Column("removed_at", _TIME, nullable=True),
        sa.Column("taken_at", _TIME, nullable=True),
        _column("refused", sa.Integer()),
        sa.Column("refused_at", _TIME, nullable=True),
        sa.Column("refused_why", sa.String(200), nullable=True),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_intake_sources_kind_known")),
        _owner("intake_sources", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_sources")),
        sa.UniqueConstraint("token", name=op.f("uq_intake_sources_token")),
        sa.UniqueConstraint(
            "workspace_id", "name", name=op.f("uq_intake_sources_workspace_id_name")
        ),
    )
    op.create_index(op.f("ix_intake_sources_workspace_id"), "intake_sources", ["workspace_id"])


def _create_files() -> None:
    counts = [_column(name, _KEY) for name in ("rows", "accepted", "duplicates", "rejected")]
    states = "'taken', 'done', 'failed'"
    op.create_table(
        "intake_files",
        _column("id", _KEY),
        _column("workspace_id", _KEY),
        _column("source", sa.String(40)),
        _column("path", sa.String(500)),
        _column("sha256", sa.String(64)),
        _column("state", sa.String(10)),
        *counts,
        _column("rejects_size", _KEY),
        sa.Column("error", sa.String(500), nullable=True),
        _column("started_at", _TIME),
        sa.Column("finished_at", _TIME, nullable=True),
        sa.CheckConstraint(f"state IN ({states})", name=op.f("ck_intake_files_state_known")),
        _owner("intake_files", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_files")),
    )
    op.create_index("ix_intake_files_workspace_id_state", "intake_files", ["workspace_id", "state"])


def _create_refusals() -> None:
    op.create_table(
        "intake_refusals",
        _column("id", _KEY),
        _column("workspace_id", _KEY),
        _column("source", sa.String(40)),
        sa.Column("external_id", sa.String(200), nullable=True),
        sa.Column("field", sa.String(200), nullable=True),
        _column("message", sa.String(300)),
        sa.Column("mend", sa.String(300), nullable=True),
        _column("refused_at", _TIME),
        _owner("intake_refusals", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_refusals")),
    )
    op.create_index("ix_intake_refusals_workspace_id_id", "intake_refusals", ["workspace_id", "id"])


def _column(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _owner(table: str, column: str, owners: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{owners}.id"], name=name, ondelete="CASCADE")
