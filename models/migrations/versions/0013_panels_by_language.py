"""The panel's answers carry the language that was asked in: packs of days are made anew."""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ALL = "DELETE FROM statistic_panels"


def upgrade() -> None:
    """Move forward: packs of the old shape go; the worker makes new ones when it counts anew."""
    op.execute(_ALL)


def downgrade() -> None:
    """Move back: packs of the new shape go, and the version before makes its own."""
    op.execute(_ALL)
