"""On PostgreSQL decisions lie in parts, a month each, so that old ones go without a trace.

What is there becomes one part as it is; no row is moved. The slow steps (an index, a check) let
everybody go on; the swap holds the table for the moment that it takes to rename things.

Revision ID: 0029
Revises: 0028
Create Date: 2026-11-30 10:10:00
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from models.migrations import online

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
expands: bool = True

_MONTHS_AHEAD = 3
_OTHERS = """
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS made FROM pg_index
    WHERE indrelid = 'decisions'::regclass
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    AND indexrelid::regclass::text <> 'pk_decisions_before'
"""
_KEYS = """
    SELECT conname AS name, pg_get_constraintdef(oid) AS made FROM pg_constraint
    WHERE conrelid = 'decisions'::regclass AND contype = 'f'
"""


def upgrade() -> None:
    """Move forward; SQLite, which knows no parts, stays as it is."""
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        return
    newest = bind.scalar(sa.text("SELECT max(decided_at) FROM decisions"))
    # the month after next: whoever decides meanwhile must still find a place
    first = _later(max(newest or datetime.now(UTC), datetime.now(UTC)), 2)
    online.create_index("pk_decisions_before", "decisions", ["id", "decided_at"], unique=True)
    with op.get_context().autocommit_block():
        for statement in _bounded(first):
            op.execute(statement)
    with online.beside_others():
        op.execute("ALTER TABLE decisions VALIDATE CONSTRAINT ck_decisions_before")
    indexes = op.get_bind().execute(sa.text(_OTHERS)).all()
    keys = op.get_bind().execute(sa.text(_KEYS)).all()
    for statement in (*_swap(indexes, keys), *_parts(first)):
        op.execute(statement)


def _later(moment: datetime, months: int) -> datetime:
    number = moment.year * 12 + moment.month - 1 + months
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)


def _bounded(first: datetime) -> Iterator[str]:
    """From now on no row is of a later part; may be begun again."""
    yield "ALTER TABLE decisions DROP CONSTRAINT IF EXISTS ck_decisions_before"
    yield (
        "ALTER TABLE decisions ADD CONSTRAINT ck_decisions_before "
        f"CHECK (decided_at < '{first.isoformat()}') NOT VALID"
    )


def _swap(
    indexes: Sequence[sa.Row[tuple[str, str]]], keys: Sequence[sa.Row[tuple[str, str]]]
) -> Iterator[str]:
    """The table becomes the first part of a new one of its name."""
    yield "ALTER TABLE decisions RENAME TO decisions_before"
    yield "ALTER TABLE decisions_before DROP CONSTRAINT pk_decisions"
    yield (
        "ALTER TABLE decisions_before ADD CONSTRAINT pk_decisions_before "
        "PRIMARY KEY USING INDEX pk_decisions_before"
    )
    for index in indexes:
        yield f"ALTER INDEX {index.name} RENAME TO {index.name}_before"
    yield (
        "CREATE TABLE decisions (LIKE decisions_before INCLUDING DEFAULTS INCLUDING CONSTRAINTS) "
        "PARTITION BY RANGE (decided_at)"
    )
    yield "ALTER TABLE decisions DROP CONSTRAINT ck_decisions_before"
    yield "ALTER TABLE decisions ADD CONSTRAINT pk_decisions PRIMARY KEY (id, decided_at)"
    for key in keys:
        yield f"ALTER TABLE decisions ADD CONSTRAINT {key.name} {key.made}"
    for index in indexes:
        yield index.made
    yield "ALTER SEQUENCE decisions_id_seq OWNED BY decisions.id"


def _parts(first: datetime) -> Iterator[str]:
    yield (
        "ALTER TABLE decisions ATTACH PARTITION decisions_before "
        f"FOR VALUES FROM (MINVALUE) TO ('{first.isoformat()}')"
    )
    yield "ALTER TABLE decisions_before DROP CONSTRAINT ck_decisions_before"
    for ahead in range(_MONTHS_AHEAD):
        begin, end = _later(first, ahead), _later(first, ahead + 1)
        yield (
            f"CREATE TABLE decisions_{begin:%Y_%m} PARTITION OF decisions "
            f"FOR VALUES FROM ('{begin.isoformat()}') TO ('{end.isoformat()}')"
        )
    yield "CREATE TABLE decisions_rest PARTITION OF decisions DEFAULT"


def downgrade() -> None:
    """Move back: one table again, copied."""
    if op.get_bind().dialect.name != "postgresql":
        return
    keys = op.get_bind().execute(sa.text(_KEYS)).all()
    indexes = op.get_bind().execute(sa.text(_OTHERS)).all()
    like = "LIKE decisions INCLUDING DEFAULTS INCLUDING CONSTRAINTS"
    op.execute(f"CREATE TABLE decisions_whole ({like})")
    op.execute("INSERT INTO decisions_whole SELECT * FROM decisions")
    op.execute("ALTER SEQUENCE decisions_id_seq OWNED BY decisions_whole.id")
    op.execute("DROP TABLE decisions")
    op.execute("ALTER TABLE decisions_whole RENAME TO decisions")
    op.execute("ALTER TABLE decisions ADD CONSTRAINT pk_decisions PRIMARY KEY (id)")
    for key in keys:
        op.execute(f"ALTER TABLE decisions ADD CONSTRAINT {key.name} {key.made}")
    for index in indexes:
        op.execute(index.made.replace(" ON ONLY ", " ON "))
