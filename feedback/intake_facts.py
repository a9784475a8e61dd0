"""What an intake must know of the database before it writes: one statement, one round trip."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, literal_column, select, true
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.sql.expression import CompoundSelect

from feedback.intake_sql import CUSTOMERS, OVERWRITTEN
from models.customer import Customer
from models.event import Event
from models.intake import CustomerAlias
from models.journey import TouchpointEvent
from models.survey import Trigger
from models.workspace import Workspace
from surveys.prepared import Prepared, at_once


def _arm(kind: str, name: Any, number: Any, *rest: Any) -> Select[Any]:
    nothing: list[Any] = [literal_column("NULL")] * (len(OVERWRITTEN) + 2)
    return select(literal_column(f"'{kind}'").label("kind"), name, number, *(rest or nothing))


def _facts(many: bool) -> CompoundSelect[Any]:
    workspace: BindParameter[int] = bindparam("w")
    source: BindParameter[str] = bindparam("source")

    def among(column: Any, name: str) -> ColumnElement[bool]:
        parameter: BindParameter[Any] = bindparam(name, expanding=many)
        found: ColumnElement[bool] = column.in_(parameter) if many else column == parameter
        return found

    # the customers come first: their columns give all the arms their types
    about = [Customer.external_id, *(CUSTOMERS.c[name] for name in OVERWRITTEN)]
    about.append(Customer.attributes)
    customers = _arm("customer", Customer.external_id, Customer.id, *about).where(
        Customer.workspace_id == workspace, among(Customer.external_id, "customers")
    )
    merged = (
        _arm("alias", CustomerAlias.external_id, Customer.id, *about)
        .join_from(CustomerAlias, Customer, Customer.id == CustomerAlias.customer_id)
        .where(
            CustomerAlias.workspace_id == workspace,
            among(CustomerAlias.external_id, "customers"),
        )
    )
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
    return customers.union_all(merged, region, touchpoints, seen, triggers)


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
    return connection.execute(facts_of_many(connection.dialect.name), given).all()
