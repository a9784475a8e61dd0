"""What every answer meets marks by row: PostgreSQL's triggers are written anew.

Revision ID: 0033
Revises: 0032
Create Date: 2026-11-30 21:00:00
"""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op

from models import marking

revision: str = "0033"
down_revision: str | None = "0032"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Move forward: the triggers are written anew."""
    marking.install(op.get_bind())


def downgrade() -> None:
    """Move back: the triggers stay as they are; they mark the same."""
