"""WhatsApp: a workspace's sender, a survey's templates, and the template a message was made from.

Revision ID: 0024
Revises: 0023
Create Date: 2026-11-30 10:00:00
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_INDEX = "ix_workspaces_whatsapp_sender"


def upgrade() -> None:
    """Move forward: nobody has a sender or a template, and no message was made from one."""
    op.add_column("workspaces", sa.Column("whatsapp_sender", sa.String(34)))
    op.create_index(op.f(_INDEX), "workspaces", ["whatsapp_sender"])
    op.add_column("surveys", sa.Column("whatsapp", _JSON))
    op.add_column("messages", sa.Column("content_sid", sa.String(34)))
    op.add_column("messages", sa.Column("content_variables", sa.Text()))


def downgrade() -> None:
    """Move back; senders and templates are forgotten."""
    op.drop_column("messages", "content_variables")
    op.drop_column("messages", "content_sid")
    op.drop_column("surveys", "whatsapp")
    op.drop_index(op.f(_INDEX), "workspaces")
    op.drop_column("workspaces", "whatsapp_sender")
