"""The two statements by which an intake writes, made once per database engine and then reused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Table,
    Text,
    bindparam,
    case,
    column,
    func,
    select,
)
from sqlalchemy import cast as cast_as
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.expression import ClauseElement

from models.customer import Customer
from models.event import Event
from surveys.prepared import Prepared

CUSTOMERS = cast(Table, Customer.__table__)
EVENTS = cast(Table, Event.__table__)
OVERWRITTEN = ("phone", "email", "locale", "timezone")
CUSTOMER_COLUMNS = (
    "workspace_id",
    "external_id",
    *OVERWRITTEN,
    "attributes",
    "is_test",
    "created_at",
    "updated_at",
    "stated_at",
)
EVENT_COLUMNS = (
    "workspace_id",
    "source",
    "external_id",
    "name",
    "customer_id",
    "touchpoint_id",
    "properties",
    "occurred_at",
    "received_at",
)
SHARED = ("workspace_id", "source", "received_at")
"""Columns that all events of an intake have alike."""
Insert = postgresql.Insert | sqlite.Insert


def _merged(dialect: str, old: ColumnElement[Any], new: ColumnElement[Any]) -> ColumnElement[Any]:
    """Old attributes with the new ones over them, key by key; a null removes its key."""
    if dialect == "postgresql":
        return func.jsonb_strip_nulls(old.op("||")(new))
    # json_patch merges nested objects too, so the given keys are taken out first
    keys = func.json_each(new).table_valued("key", name="given")
    cleared = select(func.json_group_object(keys.c.key, None)).scalar_subquery()
    return func.json_patch(func.json_patch(old, cleared), new, type_=CUSTOMERS.c.attributes.type)


def _insert_into(dialect: str, table: Table) -> Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def upsert_customers(dialect: str) -> ClauseElement:
    """Insert customers or fill in what is given; returns (id, external_id).

    What is older than what was last said of a customer only fills in what is not known.
    """
    insert = _insert_into(dialect, CUSTOMERS)
    new, old = insert.excluded, CUSTOMERS.c
    late = new.stated_at < old.stated_at
    given: dict[str, Any] = {
        name: case(
            (late, func.coalesce(old[name], new[name])), else_=func.coalesce(new[name], old[name])
        )
        for name in OVERWRITTEN
    }
    given["attributes"] = case(
        (late, _merged(dialect, new.attributes, old.attributes)),
        else_=_merged(dialect, old.attributes, new.attributes),
    )
    given["stated_at"] = case((late, old.stated_at), else_=new.stated_at)
    given["updated_at"] = new.updated_at
    return insert.on_conflict_do_update(
        index_elements=["workspace_id", "external_id"], set_=given
    ).returning(CUSTOMERS.c.id, CUSTOMERS.c.external_id)


@cache
def insert_events(dialect: str) -> ClauseElement:
    """Insert events that aren't there yet; returns (id, external_id) of the new ones."""
    return (
        _insert_into(dialect, EVENTS)
        .on_conflict_do_nothing(index_elements=["workspace_id", "source", "external_id"])
        .returning(EVENTS.c.id, EVENTS.c.external_id)
    )


@cache
def insert_many_events(_dialect: str) -> ClauseElement:
    """The same on PostgreSQL for many: all of them in one text, which the driver needn't quote."""
    each: list[Any] = [
        column("external_id", Text()),
        column("name", Text()),
        column("customer_id", BigInteger()),
        column("touchpoint_id", BigInteger()),
        column("properties", JSONB()),
        column("occurred_at", DateTime(timezone=True)),
    ]
    said: Any = cast_as(bindparam("given_rows", type_=Text()), JSONB)
    listed = func.jsonb_to_recordset(said).table_valued(*each, name="given")
    given = listed.render_derived(with_types=True)
    columns: dict[str, Any] = {one.name: given.c[one.name] for one in each}
    columns |= {name: bindparam(f"given_{name}", type_=EVENTS.c[name].type) for name in SHARED}
    return (
        postgresql.insert(EVENTS)
        .from_select(list(columns), select(*columns.values()))
        .on_conflict_do_nothing(index_elements=["workspace_id", "source", "external_id"])
        .returning(EVENTS.c.id, EVENTS.c.external_id)
    )


def write_events(connection: Connection, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Insert events of one intake; the ids of those that weren't there, by external id."""
    if len(rows) == 1 or connection.dialect.name != "postgresql":
        return write(connection, INSERT_EVENTS, rows)
    given: dict[str, Any] = {f"given_{name}": rows[0][name] for name in SHARED}
    own = [{name: row[name] for name in EVENT_COLUMNS if name not in SHARED} for row in rows]
    given["given_rows"] = json.dumps(own, default=datetime.isoformat)
    return {row[1]: row[0] for row in INSERT_MANY_EVENTS.rows(connection, given)}


UPSERT_CUSTOMERS = Prepared(upsert_customers, CUSTOMER_COLUMNS)
INSERT_EVENTS = Prepared(insert_events, EVENT_COLUMNS)
INSERT_MANY_EVENTS = Prepared(insert_many_events)


def write(connection: Connection, insert: Prepared, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Run one of the inserts over the rows; the ids it returned, by external id."""
    found: Sequence[Any]
    if len(rows) == 1:
        found = insert.rows(connection, rows[0])
    else:
        many: Any = insert.make(connection.dialect.name)
        found = connection.execute(many, rows).all()
    return {row[1]: row[0] for row in found}
