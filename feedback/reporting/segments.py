"""Who belongs to a segment: its filter over the facts of the workspace's customers."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import BigInteger, ColumnElement, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.customer import Customer, Segment
from models.errors import NotFound
from surveys.conditions import matches, parse_filter
from surveys.contexts import customer_facts


def _segment(session: Session, workspace_id: int, key: str) -> Segment:
    found = {
        segment.key: segment
        for segment in session.scalars(select(Segment).where(Segment.workspace_id == workspace_id))
    }
    if key in found:
        return found[key]
    mend = f"Name one of: {', '.join(sorted(found))}" if found else "There is none yet"
    raise NotFound(f"there is no segment {key!r}", field="segment", mend=mend)


def segment_members(session: Session, workspace_id: int, key: str) -> tuple[int, ...]:
    """The ids of the customers a segment's filter matches.

    The filter may name attributes bare, or as `customer.attributes.tier`, as triggers do.
    """
    wanted = parse_filter(_segment(session, workspace_id, key).filter)
    query = select(
        Customer.id,
        Customer.external_id,
        Customer.locale,
        Customer.timezone,
        Customer.attributes,
    ).where(Customer.workspace_id == workspace_id)
    members: list[int] = []
    for customer in session.execute(query.order_by(Customer.id)):
        facts = {**customer.attributes, "customer": customer_facts(customer)}
        if matches(wanted, facts):
            members.append(customer.id)
    return tuple(members)


def one_of_ids(
    session: Session, column: InstrumentedAttribute[int | None], ids: Sequence[int]
) -> ColumnElement[bool]:
    """`column` is one of `ids`, as one parameter however many there are."""
    if session.get_bind().dialect.name == "postgresql":
        return column == any_(literal(list(ids), ARRAY(BigInteger)))
    listed = func.json_each(json.dumps(list(ids))).table_valued("value")
    return column.in_(select(listed.c.value))
