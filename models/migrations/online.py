"""What a migration does to a large table without making anybody wait.

On PostgreSQL an index is built and dropped beside the reads and writes, outside a transaction;
SQLite, on which only one writes at a time, does it in place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

_VALID = sa.text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)")


@contextmanager
def beside_others() -> Iterator[None]:
    """Statements of their own, that wait as long as it takes, since nobody waits for them."""
    with op.get_context().autocommit_block():
        bind = op.get_bind()
        before = bind.scalar(sa.text("SHOW lock_timeout"))
        bind.execute(sa.text("SET lock_timeout = 0"))
        yield
        bind.execute(sa.text(f"SET lock_timeout = '{before}'"))


def create_index(
    name: str, table: str, columns: Sequence[str], *, unique: bool = False, where: str | None = None
) -> None:
    """Make an index; one that a run that was broken off left half made is made anew."""
    partial = sa.text(where) if where else None
    if op.get_bind().dialect.name != "postgresql":
        op.create_index(name, table, list(columns), unique=unique, sqlite_where=partial)
        return
    valid = op.get_bind().scalar(_VALID, {"name": name})
    if valid:
        return
    with beside_others():
        if valid is not None:
            op.drop_index(name, table, postgresql_concurrently=True)
        op.create_index(
            name,
            table,
            list(columns),
            unique=unique,
            postgresql_where=partial,
            postgresql_concurrently=True,
        )


def drop_index(name: str, table: str) -> None:
    """Drop an index."""
    if op.get_bind().dialect.name != "postgresql":
        op.drop_index(name, table)
        return
    with beside_others():
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
