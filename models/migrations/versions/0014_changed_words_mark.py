"""Changed words of a comment are a mark, whoever changed them: reports quote them.

Revision ID: 0014
Revises: 0013
Create Date: 2026-11-29 17:00:00
"""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op

from models import marking

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Move forward: the triggers are written anew."""
    marking.install(op.get_bind())


def downgrade() -> None:
    """Move back: the triggers stay as they are; a mark too many is counted, and no harm."""
