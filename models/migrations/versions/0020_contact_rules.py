"""Rules of contact, kinds of surveys, samples and quotas; what is due is found by itself.

Revision ID: 0020
Revises: 0019
Create Date: 2026-11-30 09:40:00
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from models.base import BigId, JSONDocument, UTCDateTime

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INDEXES: dict[str, tuple[list[str], str]] = {
    "ix_invitations_due": (["due_at"], "status = 'scheduled'"),
    "ix_invitations_held": (["claimed_until"], "status = 'sending' AND claimed_until IS NOT NULL"),
    "ix_invitations_good_until": (["expires_at"], "status IN ('sent', 'delivered')"),
    "ix_invitations_not_asked": (
        ["workspace_id", "status_at", "rule", "survey_id", "channel"],
        "status IN ('suppressed', 'expired') AND rule IS NOT NULL",
    ),
}


def upgrade() -> None:
    """Move forward: nothing is kept but the days of rest that were, and everybody is asked."""
    op.add_column("workspaces", sa.Column("contact_rules", JSONDocument))
    op.add_column("surveys", sa.Column("contact_rules", JSONDocument))
    op.add_column("surveys", sa.Column("kind", sa.String(40)))
    op.add_column("triggers", sa.Column("sample_salt", sa.String(63)))
    everybody: sa.Column[float] = sa.Column(
        "sample", sa.Double(), nullable=False, server_default="1"
    )
    op.add_column("triggers", everybody)
    _quotas()
    for name, (columns, where) in _INDEXES.items():
        holds = sa.text(where)
        op.create_index(name, "invitations", columns, postgresql_where=holds, sqlite_where=holds)
    op.drop_index("ix_invitations_status_due_at", table_name="invitations")


def _quotas() -> None:
    op.create_table(
        "quotas",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("workspace_id", BigId, nullable=False),
        sa.Column("key", sa.String(63), nullable=False),
        sa.Column("survey_id", BigId),
        sa.Column("segment_id", BigId),
        sa.Column("counted", sa.String(12), nullable=False),
        sa.Column("period", sa.String(8), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "counted IN ('answers', 'invitations')", name=op.f("ck_quotas_counted_known")
        ),
        sa.CheckConstraint(
            "period IN ('day', 'week', 'month', 'quarter', 'year', 'ever')",
            name=op.f("ck_quotas_period_known"),
        ),
        *(_points(table, column) for table, column in _OF_QUOTAS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotas")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_quotas_workspace_id_key")),
    )
    for _, column in _OF_QUOTAS:
        op.create_index(op.f(f"ix_quotas_{column}"), "quotas", [column])
    op.create_table(
        "quota_uses",
        sa.Column("invitation_id", BigId, nullable=False),
        sa.Column("quota_id", BigId, nullable=False),
        sa.Column("began", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_quota_uses_invitation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["quota_id"], ["quotas.id"], name=op.f("fk_quota_uses_quota_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("invitation_id", "quota_id", name=op.f("pk_quota_uses")),
    )
    op.create_index("ix_quota_uses_quota_id_began", "quota_uses", ["quota_id", "began"])


_OF_QUOTAS = (
    ("workspaces", "workspace_id"),
    ("surveys", "survey_id"),
    ("segments", "segment_id"),
)


def _points(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_quotas_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    """Move back; the rules and quotas are lost."""
    op.create_index("ix_invitations_status_due_at", "invitations", ["status", "due_at"])
    for name in _INDEXES:
        op.drop_index(name, table_name="invitations")
    op.drop_table("quota_uses")
    op.drop_table("quotas")
    for table, column in (
        ("triggers", "sample"),
        ("triggers", "sample_salt"),
        ("surveys", "kind"),
        ("surveys", "contact_rules"),
        ("workspaces", "contact_rules"),
    ):
        op.drop_column(table, column)
