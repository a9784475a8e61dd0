"""From the first gentle revision on, no migration holds a large table of PostgreSQL for long.

Each is run for real on tables with rows in them, and every statement is looked at. What a large
table can't have without standing still has its own way (docs/operations.md, "Upgrading").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, event, text

from models import migrate

FIRST = "0028"
"""The revision before which nothing was held to this."""

LARGE = (
    *("events", "customers", "consents", "invitations", "decisions", "messages", "conversations"),
    *("responses", "answers", "scores", "comments", "mentions", "statistic_cells"),
)
_ON = rf"(?:public\.)?({'|'.join(LARGE)})\b"
HARSH = {
    "an index built while nobody can write: CREATE INDEX CONCURRENTLY": (
        rf"CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)\S+ ON (?:ONLY )?{_ON}"
    ),
    "an index dropped while nobody can read: DROP INDEX CONCURRENTLY": (
        r"DROP INDEX (?!CONCURRENTLY)(?:IF EXISTS )?\S+"
    ),
    "a column that every row must be looked at for: add it NULL, fill it in batches": (
        rf"ALTER TABLE {_ON} ADD COLUMN (?!.*\bDEFAULT\b).*\bNOT NULL"
    ),
    "rows are checked while nobody can write: NOT VALID, then VALIDATE": (
        rf"ALTER TABLE {_ON} ADD CONSTRAINT \S+ (?:CHECK|FOREIGN KEY)(?!.*NOT VALID)"
    ),
    "a constraint whose index is built in place: USING INDEX": (
        rf"ALTER TABLE {_ON} ADD CONSTRAINT \S+ (?:UNIQUE|PRIMARY KEY)(?!.*USING INDEX)"
    ),
    "every row is looked at: a validated CHECK first": rf"ALTER TABLE {_ON} ALTER .* SET NOT NULL",
    "rows are written again: a new column, filled in batches": (
        rf"ALTER TABLE {_ON} ALTER .* TYPE (?!VARCHAR)"
    ),
    "all rows at once: batches, by a worker": rf"(?:UPDATE|DELETE FROM) {_ON}(?!.*LIMIT)",
}


def _harsh(statement: str, new: set[str]) -> Iterator[str]:
    """What is wrong with a statement; a table made by the same migration may be held."""
    for why, pattern in HARSH.items():
        found = re.search(pattern, statement, re.IGNORECASE | re.DOTALL)
        if found and not (found.groups() and found[1] in new):
            yield f"{why}: {statement}"


def _made(statement: str) -> str | None:
    found = re.match(r"\s*CREATE TABLE (\w+)", statement, re.IGNORECASE)
    return found[1] if found else None


@pytest.mark.postgres
def test_no_migration_holds_a_large_table_for_long(empty: Engine) -> None:
    if empty.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer, and small tables")
    migrate.upgrade(empty, FIRST)
    said: list[str] = []

    def hear(connection: Connection, cursor: object, statement: str, *more: object) -> None:
        said.append(" ".join(statement.split()))

    event.listen(empty, "before_cursor_execute", hear)
    files = _files(empty, "relname = ANY(:large) AND relkind = 'r'")
    migrate.upgrade(empty)
    new = {name for name in map(_made, said) if name}
    assert [why for statement in said for why in _harsh(statement, new)] == []
    assert files.items() <= _files(empty, "true").items()


def _files(engine: Engine, which: str) -> dict[int, int]:
    """The file of each large table by its id: another one means that it was written anew."""
    query = text(f"SELECT oid, relfilenode FROM pg_class WHERE {which}")
    with engine.connect() as connection:
        rows = connection.execute(query, {"large": list(LARGE)} if ":large" in which else {})
        return {row.oid: row.relfilenode for row in rows}


@pytest.mark.parametrize(
    ("statement", "harsh"),
    [
        ("CREATE INDEX ix ON events (id)", True),
        ("CREATE UNIQUE INDEX ix ON public.events (id)", True),
        ("CREATE INDEX CONCURRENTLY ix ON events (id)", False),
        ("CREATE INDEX ix ON event_kinds (id)", False),
        ("CREATE INDEX ix ON surveys (id)", False),
        ("DROP INDEX ix_events", True),
        ("ALTER TABLE messages ADD COLUMN a VARCHAR(34) NOT NULL", True),
        ("ALTER TABLE messages ADD COLUMN a BOOLEAN DEFAULT false NOT NULL", False),
        ("ALTER TABLE messages ADD COLUMN a VARCHAR(34)", False),
        ("ALTER TABLE messages ADD CONSTRAINT c CHECK (id > 0)", True),
        ("ALTER TABLE messages ADD CONSTRAINT c CHECK (id > 0) NOT VALID", False),
        ("ALTER TABLE messages ALTER COLUMN a TYPE BIGINT", True),
        ("ALTER TABLE messages ALTER COLUMN a TYPE VARCHAR(254)", False),
        ("ALTER TABLE messages ALTER COLUMN a SET NOT NULL", True),
        ("UPDATE messages SET a = 1", True),
        ("UPDATE schema_floors SET revision = '1'", False),
    ],
)
def test_the_looking_itself(statement: str, harsh: bool) -> None:
    assert bool(list(_harsh(statement, set()))) is harsh
