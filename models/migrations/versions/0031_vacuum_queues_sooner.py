"""PostgreSQL tidies tables that serve as queues after two rows in a hundred, not after twenty.

Of ten million invitations two million would lie dead in the index of what is due before anybody
swept them up. The lock that this takes lets everybody read and write.

Revision ID: 0031
Revises: 0030
Create Date: 2026-11-30 19:20:00
"""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op

revision: str = "0031"
down_revision: str | None = "0030"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
expands: bool = True

_QUEUES = ("invitations", "messages", "conversations", "tasks")
_SOONER = ("autovacuum_vacuum_scale_factor", "autovacuum_analyze_scale_factor")


def upgrade() -> None:
    """Move forward; SQLite reuses what is free at once."""
    if op.get_bind().dialect.name == "postgresql":
        settings = ", ".join(f"{name} = 0.02" for name in _SOONER)
        for table in _QUEUES:
            op.execute(f"ALTER TABLE {table} SET ({settings})")


def downgrade() -> None:
    """Move back to the server's own."""
    if op.get_bind().dialect.name == "postgresql":
        for table in _QUEUES:
            op.execute(f"ALTER TABLE {table} RESET ({', '.join(_SOONER)})")
