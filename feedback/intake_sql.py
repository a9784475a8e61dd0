"""The three statements an intake needs, made once per database engine and then reused."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Select, Table, bindparam, func, literal_column, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.sql.expression import ClauseElement, CompoundSelect

from models.customer import Customer
from models.event import Event
from models.journey import TouchpointEvent
from models.survey import Trigger
from models.workspace import Workspace
from surveys.prepared import Prepared, at_once

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
Insert = postgresql.Insert | sqlite.Insert


def _arm(kind: str, name: Any, number: Any, *rest: Any) -> Select[Any]:
    nothing: list[Any] = [literal_column("NULL")] * (len(OVERWRITTEN) + 1)
    return select(literal_column(f"'{kind}'").label("kind"), name, number, *(rest or nothing))


def _facts(many: bool) -> CompoundSelect[Any]:
    workspace: BindParameter[int] = bindparam("w")
    source: BindParameter[str] = bindparam("source")

    def among(column: Any, name: str) -> ColumnElement[bool]:
        parameter: BindParameter[Any] = bindparam(name, expanding=many)
        found: ColumnElement[bool] = column.in_(parameter) if many else column == parameter
        return found

    # the customers come first: their columns give all the arms their types
    customers = _arm(
        "customer",
        Customer.external_id,
        Customer.id,
        *(CUSTOMERS.c[name] for name in OVERWRITTEN),
        Customer.attributes,
    ).where(Customer.workspace_id == workspace, among(Customer.external_id, "customers"))
    nothing: Any = literal_column("NULL")
    region = _arm("region", Workspace.default_region, nothing).where(Workspace.id == workspace)
    touchpoints = _arm(
        "touchpoint", TouchpointEvent.event_name, TouchpointEvent.touchpoint_id
    ).where(TouchpointEvent.workspace_id == workspace, among(TouchpointEvent.event_name, "names"))
    seen = _arm("seen", Event.external_id, nothing).where(
        Event.workspace_id == workspace, Event.source == source, among(Event.external_id, "ids")
    )
    triggers = _arm("trigger", Trigger.event_name, nothing).where(
        Trigger.workspace_id == workspace,
        among(Trigger.event_name, "names"),
        Trigger.enabled == true(),
    )
    return customers.union_all(region, touchpoints, seen, triggers)


@cache
def facts_of_many(dialect: str) -> CompoundSelect[Any]:
    """What an intake must know, in one round trip; see facts()."""
    return _facts(many=True)


@cache
def facts_of_one(dialect: str) -> CompoundSelect[Any]:
    """The same for a single event."""
    return _facts(many=False)


_FACTS_OF_ONE = Prepared(facts_of_one)


def facts(
    connection: Connection,
    workspace_id: int,
    source: str,
    names: Sequence[str],
    ids: Sequence[str],
    customers: Sequence[str],
) -> Sequence[Any]:
    """(kind, name, id, phone, email, locale, timezone, attributes) rows.

    Kinds: `customer` as stored, the workspace's `region`, `touchpoint` of an event name, an
    event `seen` before, a `trigger` that listens to an event name.
    """
    given: dict[str, Any] = {"w": workspace_id, "source": source}
    if len(names) == len(ids) == len(customers) == 1:
        given |= {"names": names[0], "ids": ids[0], "customers": customers[0]}
        with at_once(connection):
            return _FACTS_OF_ONE.rows(connection, given)
    given |= {"names": names, "ids": ids, "customers": customers}
    return connection.execute(facts_of_many(connection.dialect.name), given).all()


def _merged(dialect: str, new: ColumnElement[Any]) -> ColumnElement[Any]:
    """Old attributes with the new ones over them, key by key; a null removes its key."""
    old = CUSTOMERS.c.attributes
    if dialect == "postgresql":
        return func.jsonb_strip_nulls(old.op("||")(new))
    # json_patch merges nested objects too, so the given keys are taken out first
    keys = func.json_each(new).table_valued("key", name="given")
    cleared = select(func.json_group_object(keys.c.key, None)).scalar_subquery()
    return func.json_patch(func.json_patch(old, cleared), new, type_=old.type)


def _insert_into(dialect: str, table: Table) -> Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def upsert_customers(dialect: str) -> ClauseElement:
    """Insert customers or fill in what is given; returns (id, external_id)."""
    insert = _insert_into(dialect, CUSTOMERS)
    new = insert.excluded
    given: dict[str, Any] = {
        name: func.coalesce(new[name], CUSTOMERS.c[name]) for name in OVERWRITTEN
    }
    given |= {"attributes": _merged(dialect, new.attributes), "updated_at": new.updated_at}
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


UPSERT_CUSTOMERS = Prepared(upsert_customers, CUSTOMER_COLUMNS)
INSERT_EVENTS = Prepared(insert_events, EVENT_COLUMNS)


def write(connection: Connection, insert: Prepared, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Run one of the inserts over the rows; the ids it returned, by external id."""
    found: Sequence[Any]
    if len(rows) == 1:
        found = insert.rows(connection, rows[0])
    else:
        many: Any = insert.make(connection.dialect.name)
        found = connection.execute(many, rows).all()
    return {row[1]: row[0] for row in found}
