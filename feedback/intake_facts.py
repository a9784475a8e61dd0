"""What an intake must know of the database before it writes: one statement, one round trip."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.sql.expression import CompoundSelect, TableValuedAlias

from feedback.intake_sql import CUSTOMERS, OVERWRITTEN
from models.customer import Customer
from models.event import Event
from models.intake import CustomerAlias
from models.journey import TouchpointEvent
from models.survey import Trigger
from models.workspace import Workspace
from surveys.prepared import Prepared, at_once

_ABOUT: list[Any] = [
    Customer.external_id,
    *(CUSTOMERS.c[name] for name in OVERWRITTEN),
    Customer.attributes,
]
_MERGED = select(CustomerAlias.external_id, Customer.id, *_ABOUT).join_from(
    CustomerAlias, Customer, Customer.id == CustomerAlias.customer_id
)


def _arm(kind: str, name: Any, number: Any, *rest: Any) -> Select[Any]:
    nothing: list[Any] = [literal_column("NULL")] * len(_ABOUT)
    return select(literal_column(f"'{kind}'").label("kind"), name, number, *(rest or nothing))


def _settings(among: Callable[[Any, str], ColumnElement[bool]]) -> list[Select[Any]]:
    """What the workspace has set up for these event names: its few rows, read as they lie."""
    workspace: BindParameter[int] = bindparam("w")
    nothing: Any = literal_column("NULL")
    region = _arm("region", Workspace.default_region, nothing).where(Workspace.id == workspace)
    touchpoints = _arm(
        "touchpoint", TouchpointEvent.event_name, TouchpointEvent.touchpoint_id
    ).where(TouchpointEvent.workspace_id == workspace, among(TouchpointEvent.event_name, "names"))
    triggers = _arm("trigger", Trigger.event_name, nothing).where(
        Trigger.workspace_id == workspace,
        among(Trigger.event_name, "names"),
        Trigger.enabled == true(),
    )
    return [region, touchpoints, triggers]


def _facts(many: bool) -> CompoundSelect[Any]:
    workspace: BindParameter[int] = bindparam("w")
    source: BindParameter[str] = bindparam("source")

    def among(column: Any, name: str) -> ColumnElement[bool]:
        parameter: BindParameter[Any] = bindparam(name, expanding=many)
        found: ColumnElement[bool] = column.in_(parameter) if many else column == parameter
        return found

    # the customers come first: their columns give all the arms their types
    customers = _arm("customer", Customer.external_id, Customer.id, *_ABOUT).where(
        Customer.workspace_id == workspace, among(Customer.external_id, "customers")
    )
    merged = (
        _arm("alias", CustomerAlias.external_id, Customer.id, *_ABOUT)
        .join_from(CustomerAlias, Customer, Customer.id == CustomerAlias.customer_id)
        .where(
            CustomerAlias.workspace_id == workspace,
            among(CustomerAlias.external_id, "customers"),
        )
    )
    seen = _arm("seen", Event.external_id, literal_column("NULL")).where(
        Event.workspace_id == workspace, Event.source == source, among(Event.external_id, "ids")
    )
    return customers.union_all(merged, seen, *_settings(among))


def _looked_up() -> CompoundSelect[Any]:
    """The same on PostgreSQL, with one look into an index for each id.

    An IN of a hundred ids is, as long as PostgreSQL takes a table that grows fast for a small
    one, answered by reading all of a workspace's events; a subquery with a LIMIT is not.
    """
    workspace: BindParameter[int] = bindparam("w")

    def each(name: str) -> tuple[TableValuedAlias, Any]:
        listed: Any = cast(bindparam(name, type_=Text()), JSONB)
        one: Any = column("one", Text())
        found = func.jsonb_array_elements_text(listed).table_valued(one, name=f"{name}_given")
        made = found.render_derived()
        return made, made.c.one

    def arm(kind: str, found: Select[Any], given: TableValuedAlias) -> Select[Any]:
        one = found.limit(1).lateral(f"{kind}_found")
        nothing: list[Any] = [literal_column("NULL")] * (len(_ABOUT) + 2 - len(one.c))
        said: Any = literal_column(f"'{kind}'").label("kind")
        return select(said, *one.c, *nothing).select_from(given).join(one, true())

    whom, who = each("customers")
    whose, which = each("customers")
    these, this = each("ids")
    mine = Customer.workspace_id == workspace
    own = select(Customer.external_id.label("name"), Customer.id, *_ABOUT).where(
        mine, Customer.external_id == who
    )
    merged = _MERGED.where(
        CustomerAlias.workspace_id == workspace, CustomerAlias.external_id == which
    )
    seen = select(Event.external_id).where(
        Event.workspace_id == workspace,
        Event.source == bindparam("source"),
        Event.external_id == this,
    )
    arms = [arm("customer", own, whom), arm("alias", merged, whose), arm("seen", seen, these)]
    return arms[0].union_all(*arms[1:], *_settings(_any))


def _any(column: Any, name: str) -> ColumnElement[bool]:
    listed: BindParameter[Any] = bindparam(name, type_=ARRAY(Text))
    found: ColumnElement[bool] = column == func.any(listed)
    return found


@cache
def facts_of_many(dialect: str) -> CompoundSelect[Any]:
    """What an intake must know, in one round trip; see facts()."""
    return _looked_up() if dialect == "postgresql" else _facts(many=True)


@cache
def facts_of_one(dialect: str) -> CompoundSelect[Any]:
    """The same for a single event."""
    return _facts(many=False)


_FACTS_OF_ONE = Prepared(facts_of_one)
_FACTS_OF_MANY = Prepared(facts_of_many, anew=True)
"""Planned anew each time: a plan that was made while the tables were small, and is kept, may read
all of a workspace's customers for each id by an index that begins with the workspace."""


def facts(
    connection: Connection,
    workspace_id: int,
    source: str,
    names: Sequence[str],
    ids: Sequence[str],
    customers: Sequence[str],
) -> Sequence[Any]:
    """(kind, name, id, own id, phone, email, locale, timezone, attributes) rows.

    Kinds: `customer` as stored, the one an `alias` stands for (with the external id it has of
    its own), the workspace's `region`, `touchpoint` of an event name, an event `seen` before, a
    `trigger` that listens to an event name.
    """
    given: dict[str, Any] = {"w": workspace_id, "source": source}
    if len(names) == len(ids) == len(customers) == 1:
        given |= {"names": names[0], "ids": ids[0], "customers": customers[0]}
        with at_once(connection):
            return _FACTS_OF_ONE.rows(connection, given)
    given |= {"names": names, "ids": ids, "customers": customers}
    if connection.dialect.name != "postgresql":
        return connection.execute(facts_of_many(connection.dialect.name), given).all()
    given |= {"ids": json.dumps(ids), "customers": json.dumps(customers)}
    return _FACTS_OF_MANY.rows(connection, given)
