"""The triggers that mark what changed, as SQLite writes them."""

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

_SAID = {"answers", "comments"}


def hour(column: str) -> str:
    """The hour (UTC) of a moment, as marks name it."""
    return f"substr({column}, 1, 13)"


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
        f"AND m.hour = {hour(f'{at}.occurred_at')}"
    )
    taken = (
        "coalesce((SELECT s.taken FROM statistic_states s "
        f"WHERE s.workspace_id = {at}.workspace_id), 0)"
    )
    return (
        f"INSERT INTO {MARKS_PLACE} "
        f"SELECT {at}.workspace_id, {at}.touchpoint_id, {hour(f'{at}.occurred_at')} "
        f"{source or 'WHERE'} {at}.touchpoint_id IS NOT NULL AND NOT EXISTS "
        f"(SELECT 1 FROM statistic_marks m WHERE {place} AND m.id > {taken})"
    )


def _rated(table: str, event: str) -> Iterator[str]:
    """What marks the invitations that may count as answered now, or no longer."""
    for side in sides(event):
        if table == "responses":
            yield _invited(f"invitations i WHERE i.id = {side}.invitation_id")
        elif table in _SAID:
            rows = "responses r JOIN invitations i ON i.id = r.invitation_id"
            moved = " AND old.response_id IS NOT new.response_id" if event == "update" else ""
            yield _invited(f"{rows} WHERE r.id = {side}.response_id{moved}")


def _invited(rows: str) -> str:
    """The place of an invitation, where it was sent at all."""
    return (
        f"INSERT INTO {RATE_MARKS} SELECT i.workspace_id, i.touchpoint_id, {hour('i.created_at')} "
        f"FROM {rows} AND i.touchpoint_id IS NOT NULL AND i.sent_at IS NOT NULL"
    )


def _changes(table: str, event: str) -> str:
    """What a statement must do to meet a trigger: one that sets other columns is spared it."""
    columns = f" OF {', '.join(counted(table))}" if event == "update" else ""
    return f"{event.upper()}{columns} ON {table}"


def _when(table: str, event: str) -> str:
    """Which rows count; writers take turns here, so nothing can be under way that isn't seen."""
    clauses = ["1"]
    if event == "update":
        differs = " OR ".join(f"old.{one} IS NOT new.{one}" for one in counted(table))
        clauses = [f"({differs})"]
    if table == "customers":
        mine = "s.workspace_id = new.workspace_id"
        clauses.append(f"EXISTS (SELECT 1 FROM segments s WHERE {mine})")
    if (table, event) == ("answers", "insert"):
        # all that an answer changes by itself is whether anything was said
        others = "a.response_id = new.response_id AND a.id <> new.id"
        clauses.append(f"NOT EXISTS (SELECT 1 FROM answers a WHERE {others})")
    return " AND ".join(clauses)


def statements(rates: bool = True) -> Iterator[str]:
    """All triggers; `rates`: those of who was asked too."""
    for table, event in events():
        more = _rated(table, event) if rates else ()
        marks = "; ".join((*(_marks(table, side) for side in sides(event)), *more))
        yield (
            f"CREATE TRIGGER mark_{table}_{event} AFTER {_changes(table, event)} "
            f"FOR EACH ROW WHEN {_when(table, event)} BEGIN {marks}; END"
        )
    if rates:
        yield from _asked()


def _asked() -> Iterator[str]:
    """The triggers of invitations: most that happens to one changes nothing here."""
    for table, event in asked_events():
        places = " UNION ".join(
            f"SELECT {side}.workspace_id, {side}.touchpoint_id, {hour(f'{side}.created_at')} "
            f"WHERE {side}.touchpoint_id IS NOT NULL AND {side}.sent_at IS NOT NULL"
            for side in sides(event)
        )
        yield (
            f"CREATE TRIGGER mark_{table}_{event} AFTER {event.upper()} ON {table} "
            f"FOR EACH ROW WHEN {asked_when(event, 'IS NOT')} "
            f"BEGIN INSERT INTO {RATE_MARKS} {places}; END"
        )
