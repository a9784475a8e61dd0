"""The triggers that mark what changed, as SQLite writes them."""

# ruff: noqa: S608 - the statements are put together from names of our own

from __future__ import annotations

from collections.abc import Iterator

from models.marked import HANGING, MARKS_PLACE, OTHERS, counted, events, sides


def _marks(table: str, side: str) -> str:
    """What SQLite marks for one side of a changed row."""
    if table == "customers":
        return (
            "INSERT INTO statistic_marks (workspace_id, customer_id) "
            f"VALUES ({side}.workspace_id, {side}.id)"
        )
    if table in OTHERS:
        key = "id" if table == "workspaces" else "workspace_id"
        return f"INSERT INTO statistic_marks (workspace_id) VALUES ({side}.{key})"
    at, source = side, ""
    if table in HANGING:
        parent, column, _ = HANGING[table]
        at, source = "p", f"FROM {parent} p WHERE p.id = {side}.{column} AND"
    place = (
        f"m.workspace_id = {at}.workspace_id AND m.touchpoint_id = {at}.touchpoint_id "
        f"AND m.hour = substr({at}.occurred_at, 1, 13)"
    )
    taken = (
        "coalesce((SELECT s.taken FROM statistic_states s "
        f"WHERE s.workspace_id = {at}.workspace_id), 0)"
    )
    return (
        f"INSERT INTO {MARKS_PLACE} "
        f"SELECT {at}.workspace_id, {at}.touchpoint_id, substr({at}.occurred_at, 1, 13) "
        f"{source or 'WHERE'} {at}.touchpoint_id IS NOT NULL AND NOT EXISTS "
        f"(SELECT 1 FROM statistic_marks m WHERE {place} AND m.id > {taken})"
    )


def statements() -> Iterator[str]:
    """All triggers."""
    for table, event in events():
        when = ""
        if event == "update":
            differs = " OR ".join(f"old.{one} IS NOT new.{one}" for one in counted(table))
            when = f" WHEN {differs}"
        marks = "; ".join(_marks(table, side) for side in sides(event))
        verb = event.upper()
        yield (
            f"CREATE TRIGGER mark_{table}_{event} AFTER {verb} ON {table} "
            f"FOR EACH ROW{when} BEGIN {marks}; END"
        )
