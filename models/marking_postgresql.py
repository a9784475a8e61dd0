"""The triggers that mark what changed, as PostgreSQL writes them."""

# ruff: noqa: S608 - the statements are put together from names of our own

from __future__ import annotations

from collections.abc import Iterator

from models.marked import HANGING, MARKS_PLACE, OTHERS, counted, events, sides

BY_ROW = {("responses", "update"), ("answers", "update")}
"""What every answer meets, and hardly any changes what counts: the row says so by itself, for a
fifth of what it costs to collect the rows of a statement."""
BOTH = "SELECT old.* UNION ALL SELECT new.*"


def _changed(table: str, event: str) -> str:
    """PostgreSQL's rows of one statement that count, both sides of those that were updated."""
    if event != "update":
        return f"SELECT * FROM {sides(event)[0]}_rows"
    differs = " OR ".join(f"o.{one} IS DISTINCT FROM n.{one}" for one in counted(table))
    pairs = f"FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE {differs}"
    return f"SELECT o.* {pairs} UNION ALL SELECT n.* {pairs}"


def _marks(table: str, event: str) -> str:
    changed = BOTH if (table, event) in BY_ROW else _changed(table, event)
    if table == "customers":
        return (
            "INSERT INTO statistic_marks (workspace_id, customer_id) "
            f"SELECT DISTINCT c.workspace_id, c.id FROM ({changed}) c"
        )
    if table in OTHERS:
        key = "id" if table == "workspaces" else "workspace_id"
        return (
            f"INSERT INTO statistic_marks (workspace_id) SELECT DISTINCT c.{key} FROM ({changed}) c"
        )
    join = ""
    at = "c"
    if table in HANGING:
        parent, column, _ = HANGING[table]
        at, join = "p", f"JOIN {parent} p ON p.id = c.{column} "
    hour = f"to_char({at}.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')"
    return (
        f"INSERT INTO {MARKS_PLACE} SELECT DISTINCT {at}.workspace_id, {at}.touchpoint_id, {hour} "
        f"FROM ({changed}) c {join}WHERE {at}.touchpoint_id IS NOT NULL"
    )


def statements() -> Iterator[str]:
    """All triggers and their functions."""
    for table, event in events():
        name = f"mark_{table}_{event}"
        seen = " ".join(f"{side.upper()} TABLE AS {side}_rows" for side in sides(event))
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{_marks(table, event)}; RETURN NULL; END $$"
        )
        how = f"REFERENCING {seen} FOR EACH STATEMENT"
        if (table, event) in BY_ROW:
            differs = " OR ".join(f"old.{one} IS DISTINCT FROM new.{one}" for one in counted(table))
            how = f"FOR EACH ROW WHEN ({differs})"
        after = f"AFTER {event.upper()} ON {table}"
        yield f"CREATE TRIGGER {name} {after} {how} EXECUTE FUNCTION {name}()"
