"""Take-overs, messages that a person writes, and what lists exchanges quickly.

Revision ID: 0017
Revises: 0016
Create Date: 2026-11-29 18:00:00
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_BEFORE = ("invitation", "question", "again", "thanks", "reply", "reminder")
_KINDS = (*_BEFORE, "stop", "start", "help", "unprompted")


def upgrade() -> None:
    """Move forward: a new table, a kind more, two indexes."""
    _create_takeovers()
    _know_kinds((*_KINDS, "person"))
    op.create_index("ix_messages_workspace_id_id", "messages", ["workspace_id", "id"])
    op.create_index(
        "ix_conversations_address",
        "conversations",
        ["workspace_id", "address", "sender", "opened_at"],
    )


def downgrade() -> None:
    """Move back; who took over is lost, and what they wrote is kept as replies."""
    op.drop_index("ix_conversations_address", "conversations")
    op.drop_index("ix_messages_workspace_id_id", "messages")
    op.execute("UPDATE messages SET kind = 'reply' WHERE kind = 'person'")
    _know_kinds(_KINDS)
    op.drop_table("takeovers")


def _create_takeovers() -> None:
    states = "'held', 'handed_back', 'passed_on', 'lapsed'"
    op.create_table(
        "takeovers",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("customer_id", _KEY, nullable=True),
        sa.Column("conversation_id", _KEY, nullable=True),
        sa.Column("user_id", _KEY, nullable=True),
        sa.Column("sender", sa.String(length=34), nullable=False),
        sa.Column("address", sa.String(length=34), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("taken_at", _TIME, nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("ended_by", _KEY, nullable=True),
        sa.CheckConstraint(f"status IN ({states})", name=op.f("ck_takeovers_status_known")),
        _owner("workspace_id", "workspaces"),
        _owner("customer_id", "customers"),
        _owner("conversation_id", "conversations"),
        _owner("user_id", "users", "SET NULL"),
        _owner("ended_by", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takeovers")),
    )
    for column in ("workspace_id", "customer_id", "conversation_id", "user_id", "ended_by"):
        op.create_index(f"ix_takeovers_{column}", "takeovers", [column])
    op.create_index("ix_takeovers_status_until", "takeovers", ["status", "until"])
    held = sa.text("status = 'held'")
    op.create_index(
        "uq_takeovers_one_held",
        "takeovers",
        ["workspace_id", "sender", "address"],
        unique=True,
        sqlite_where=held,
        postgresql_where=held,
    )


def _owner(column: str, owners: str, then: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_takeovers_{column}")
    return sa.ForeignKeyConstraint([column], [f"{owners}.id"], name=name, ondelete=then)


def _know_kinds(kinds: Sequence[str]) -> None:
    rule = f"kind IN ({', '.join(repr(kind) for kind in kinds)})"
    name = op.f("ck_messages_kind_known")
    with op.batch_alter_table("messages") as messages:
        messages.drop_constraint(name, type_="check")
        messages.create_check_constraint(name, rule)
