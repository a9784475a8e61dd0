"""The triggers that mark what changed, as PostgreSQL writes them."""

# ruff: noqa: S608 - the statements are put together from names of our own

from __future__ import annotations

from collections.abc import Iterator

from models.marked import (
    HANGING,
    MARKS_PLACE,
    OTHERS,
    RATE_MARKS,
    asked_events,
    asked_when,
    counted,
    events,
    sides,
)

BY_ROW = {("responses", "update"), ("answers", "update")}
"""What every answer meets, and hardly any changes what counts: the row says so by itself, for a
fifth of what it costs to collect the rows of a statement."""
BOTH = "SELECT old.* UNION ALL SELECT new.*"
_SAID = {"answers", "comments"}


def hour(column: str) -> str:
    """The hour (UTC) of a moment, as marks name it."""
    return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')"


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
    place = f"{at}.workspace_id, {at}.touchpoint_id, {hour(f'{at}.occurred_at')}"
    return (
        f"INSERT INTO {MARKS_PLACE} SELECT DISTINCT {place} "
        f"FROM ({changed}) c {join}WHERE {at}.touchpoint_id IS NOT NULL"
    )


def _rated(table: str, event: str) -> str:
    """What marks the invitations that may count as answered now, or no longer."""
    if table == "responses":
        changed, of = BOTH if event == "update" else "SELECT * FROM old_rows", "c.invitation_id"
    elif table in _SAID:
        changed, of = _said(table, event), "r.invitation_id"
    else:
        return ""
    join = "JOIN responses r ON r.id = c.response_id " if table in _SAID else ""
    return f"{_invited(f'({changed}) c {join}JOIN invitations i ON i.id = {of}')}; "


def _said(table: str, event: str) -> str:
    if (table, event) in BY_ROW:
        return BOTH
    if event != "update":
        return f"SELECT * FROM {sides(event)[0]}_rows"
    moved = "FROM old_rows o JOIN new_rows n ON n.id = o.id"
    moved += " WHERE o.response_id IS DISTINCT FROM n.response_id"
    return f"SELECT o.* {moved} UNION ALL SELECT n.* {moved}"


def _invited(rows: str) -> str:
    """The places of invitations, where they were sent at all."""
    place = f"i.workspace_id, i.touchpoint_id, {hour('i.created_at')}"
    return (
        f"INSERT INTO {RATE_MARKS} SELECT DISTINCT {place} FROM {rows} "
        "WHERE i.touchpoint_id IS NOT NULL AND i.sent_at IS NOT NULL"
    )


def statements(rates: bool = True) -> Iterator[str]:
    """All triggers and their functions; `rates`: those of who was asked too."""
    for table, event in events():
        name = f"mark_{table}_{event}"
        seen = " ".join(f"{side.upper()} TABLE AS {side}_rows" for side in sides(event))
        more = _rated(table, event) if rates else ""
        yield _function(name, f"{_marks(table, event)}; {more}")
        how = f"REFERENCING {seen} FOR EACH STATEMENT"
        if (table, event) in BY_ROW:
            differs = " OR ".join(f"old.{one} IS DISTINCT FROM new.{one}" for one in counted(table))
            how = f"FOR EACH ROW WHEN ({differs})"
        after = f"AFTER {event.upper()} ON {table}"
        yield f"CREATE TRIGGER {name} {after} {how} EXECUTE FUNCTION {name}()"
    if rates:
        yield from _asked()


def _function(name: str, body: str) -> str:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{body}RETURN NULL; END $$"
    )


def _asked() -> Iterator[str]:
    """The triggers of invitations, by row: most that happens to one changes nothing here.

    Each sending meets the one for updates: plain VALUES cost half of what a SELECT does.
    """
    for table, event in asked_events():
        name = f"mark_{table}_{event}"
        yield _function(name, "".join(_place(side, event) for side in sides(event)))
        when = asked_when(event, "IS DISTINCT FROM")
        how = f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"
        yield f"CREATE TRIGGER {name} AFTER {event.upper()} ON {table} {how}"


def _place(side: str, event: str) -> str:
    """Mark where an invitation is, or was, if it was sent; once, where it is still there."""
    there = f"{side}.sent_at IS NOT NULL AND {side}.touchpoint_id IS NOT NULL"
    if event == "update" and side == "old":
        same = ("workspace_id", "touchpoint_id", "created_at")
        moved = " OR ".join(f"old.{one} IS DISTINCT FROM new.{one}" for one in same)
        there += f" AND (new.sent_at IS NULL OR {moved})"
    place = f"{side}.workspace_id, {side}.touchpoint_id, {hour(f'{side}.created_at')}"
    return f"IF {there} THEN INSERT INTO {RATE_MARKS} VALUES ({place}); END IF; "
