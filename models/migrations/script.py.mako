"""${message}."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision: str = ${repr(up_revision)}
down_revision: str | None = ${repr(down_revision)}
branch_labels: str | Sequence[str] | None = ${repr(branch_labels)}
depends_on: str | Sequence[str] | None = ${repr(depends_on)}
# True only if the version before works on what this leaves: see docs/operations.md, "Upgrading"
expands: bool = False


def upgrade() -> None:
    """Move forward."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Move back; development only."""
    ${downgrades if downgrades else "pass"}
