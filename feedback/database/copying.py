"""One database copied whole to another, on the other engine or the same: all or nothing.

The target is filled in one transaction, which ends only when every table's count and sum equal
those of the source. Whatever stops a copy leaves the target as empty as it was: run it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from sqlalchemy import Connection, Engine, Table, event, inspect

from feedback.database import numbering, rows
from feedback.database.loading import load, ready_to_load
from feedback.database.stillness import Still, read_only, refuse_the_busy, standing_still
from models import migrate
from models.base import Base
from models.engine import make_engine
from models.errors import Conflict
from models.schema_floor import SchemaFloor

BARE_FROM = 20_000


class Progress(Protocol):
    """Hears of a table, the rows of it that are done, and of how many."""

    def __call__(self, table: str, done: int, *, of: int) -> None:
        """Some more rows are done."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied: the sum of each table."""

    sums: dict[str, rows.Sum]

    @property
    def rows(self) -> int:
        """Of all tables together."""
        return sum(one.rows for one in self.sums.values())


def copied_tables() -> list[Table]:
    """All tables, those that others point to first; how far a database is migrated is its own."""
    own = SchemaFloor.__tablename__
    return [table for table in Base.metadata.sorted_tables if table.name != own]


def copy(
    source_url: str,
    target_url: str,
    now: datetime,
    progress: Progress,
    bare_from: int = BARE_FROM,
) -> Copied:
    """Copy everything; raises `Conflict` where the source is at work or the target is not empty.

    Tables of at least `bare_from` rows get their indexes and references once they are full.
    """
    source, target = read_only(source_url), make_engine(target_url)
    try:
        with source.connect() as connection:
            _refuse_the_unfit(connection)
            refuse_the_busy(connection, now)
        prepare(target)
        with standing_still(source) as still:
            return _fill(still, target, progress, bare_from)
    finally:
        source.dispose()
        target.dispose()


def _refuse_the_unfit(connection: Connection) -> None:
    if migrate.current(connection) != migrate.heads():
        why = migrate.unfit(connection) or "it is not at this program's tables"
        raise Conflict(f"the source: {why}", mend="Run `waymark db upgrade` on it first")


def prepare(target: Engine) -> None:
    """Give the target its tables; raises `Conflict` where it has any row already."""
    with target.connect() as connection:
        there = set(inspect(connection).get_table_names())
        ours = sorted(there & set(Base.metadata.tables))
        if ours and "alembic_version" not in there:
            raise Conflict(
                f"the target has a table {ours[0]} that is not Waymark's",
                mend="Make a database of its own: `createdb waymark`",
            )
    migrate.upgrade(target)
    with target.connect() as connection:
        for table in copied_tables():
            if connection.execute(table.select().limit(1)).first() is not None:
                raise Conflict(
                    f"the target is not empty: there are {table.name}",
                    mend="Copy to a new database; nothing is ever written over another",
                )


def _fill(still: Still, target: Engine, progress: Progress, bare_from: int) -> Copied:
    old, tables, sums = still.connection, copied_tables(), dict[str, rows.Sum]()
    counts = {table.name: rows.count(old, table) for table in tables}
    if target.dialect.name == "sqlite":
        event.listen(target, "begin", _begin)
    with target.connect() as new:
        with ready_to_load(new, [name for name, many in counts.items() if many >= bare_from]):
            for table in tables:
                sums[table.name] = _one(old, new, table, partial(progress, of=counts[table.name]))
        for table in tables:
            _compare(new, table, sums[table.name])
        still.refuse_the_changed()
        new.commit()
    with target.connect() as new:
        new.exec_driver_sql("ANALYZE")
        new.commit()
    return Copied(sums)


def _begin(connection: Connection) -> None:
    """SQLite's driver begins a transaction before the first change alone, and after tables'."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _one(
    old: Connection, new: Connection, table: Table, done: Callable[[str, int], None]
) -> rows.Sum:
    found, columns = rows.Sum(), list(table.columns)
    for batch in rows.batches(old, table):
        load(new, table, batch)
        found += rows.summed(batch, columns)
        done(table.name, found.rows)
    if numbering.numbered(table):
        numbering.go_on(new, table, numbering.position(old, table))
    return found


def _compare(new: Connection, table: Table, was: rows.Sum) -> None:
    there = rows.total(new, table)
    if there != was:
        raise Conflict(
            f"{table.name}: {there.rows:,} rows were written of {was.rows:,}, or others than read",
            mend="Nothing was copied. Please tell the makers of Waymark",
        )
