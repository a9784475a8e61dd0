"""Surveys have a worth and may remind once; an exchange knows that it did.

Revision ID: 0016
Revises: 0015
Create Date: 2026-11-29 19:30:00
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from models.base import UTCDateTime

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_BEFORE = ("invitation", "question", "again", "thanks", "reply", "stop", "start", "help")
_KINDS = (*_BEFORE, "unprompted")


def upgrade() -> None:
    """Move forward: every survey is worth the same, and none reminds."""
    worth = sa.Column("worth", sa.Integer(), nullable=False, server_default="50")
    op.add_column("surveys", worth)
    op.add_column("surveys", sa.Column("remind_after_seconds", sa.Integer()))
    op.add_column("conversations", sa.Column("reminded_at", UTCDateTime()))
    _know_kinds((*_KINDS, "reminder"))


def downgrade() -> None:
    """Move back; reminders stay as questions."""
    op.execute("UPDATE messages SET kind = 'question' WHERE kind = 'reminder'")
    _know_kinds(_KINDS)
    op.drop_column("conversations", "reminded_at")
    op.drop_column("surveys", "remind_after_seconds")
    op.drop_column("surveys", "worth")


def _know_kinds(kinds: Sequence[str]) -> None:
    rule = f"kind IN ({', '.join(repr(kind) for kind in kinds)})"
    name = op.f("ck_messages_kind_known")
    with op.batch_alter_table("messages") as messages:
        messages.drop_constraint(name, type_="check")
        messages.create_check_constraint(name, rule)
