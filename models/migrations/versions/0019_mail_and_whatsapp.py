"""Triggers and invitations may ask by e-mail and by WhatsApp.

Revision ID: 0019
Revises: 0018
Create Date: 2026-11-30 09:30:00
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLES = ("triggers", "invitations")
_BEFORE, _NOW = ("sms", "web"), ("sms", "web", "email", "whatsapp")


def upgrade() -> None:
    """Move forward: two channels more are known."""
    for table in _TABLES:
        _know(table, _BEFORE, _NOW)


def downgrade() -> None:
    """Move back; what would be asked by the new channels becomes a link on the web."""
    for table in _TABLES:
        op.execute(f"UPDATE {table} SET channel = 'web' WHERE channel IN ('email', 'whatsapp')")  # noqa: S608
        _know(table, _NOW, _BEFORE)


def _rule(channels: Sequence[str]) -> str:
    return f"channel IN ({', '.join(repr(channel) for channel in channels)})"


def _know(table: str, before: Sequence[str], now: Sequence[str]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rewrite_check(table, _rule(before), _rule(now))
        return
    name = op.f(f"ck_{table}_channel_known")
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, _rule(now))


def _rewrite_check(table: str, before: str, now: str) -> None:
    """Change a CHECK where SQLite keeps it, as its documentation has it (lang_altertable, 7.1).

    Building the table anew would drop the old one, and with it, by their foreign keys, every
    response and decision that hangs on an invitation.
    """
    bind = op.get_bind()
    version = bind.scalar(sa.text("PRAGMA schema_version"))
    bind.execute(sa.text("PRAGMA writable_schema = ON"))
    bind.execute(
        sa.text(
            "UPDATE sqlite_schema SET sql = replace(sql, :before, :now) "
            "WHERE type = 'table' AND name = :name"
        ),
        {"before": before, "now": now, "name": table},
    )
    bind.execute(sa.text(f"PRAGMA schema_version = {int(version or 0) + 1}"))
    bind.execute(sa.text("PRAGMA writable_schema = OFF"))
