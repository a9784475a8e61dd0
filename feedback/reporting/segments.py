"""Who belongs to a segment: its filter over the facts of the workspace's customers.

A worker keeps the members as rows (feedback.cells.members); until they are there, or where too
much has changed since, the filter is asked of every customer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    TableValuedAlias,
    and_,
    any_,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.customer import Customer, Segment
from models.errors import NotFound
from models.statistics import SegmentMember
from surveys.conditions import matches, parse_filter
from surveys.contexts import customer_facts


@dataclass(frozen=True, slots=True)
class Members:
    """A segment's customers: those whom the rows name, but for who joined or left since."""

    segment_id: int
    joined: tuple[int, ...] = ()
    left: tuple[int, ...] = ()


def find_segment(session: Session, workspace_id: int, key: str) -> Segment:
    """A segment by key."""
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
    wanted = parse_filter(find_segment(session, workspace_id, key).filter)
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


def on_postgresql(session: Session) -> bool:
    """Whether a session's statements go to PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"


def id_array(ids: Iterable[int]) -> ColumnElement[Any]:
    """Ids as one parameter for PostgreSQL, written out: its driver takes long over a list."""
    written = f"{{{','.join(map(str, ids))}}}"
    return cast(literal(written, String), ARRAY(BigInteger))


def listed(session: Session, ids: Iterable[int], name: str = "listed") -> TableValuedAlias:
    """Ids as a table with a column `value`, by one parameter however many there are."""
    if on_postgresql(session):
        return func.unnest(id_array(ids)).table_valued("value", name=name).render_derived()
    return func.json_each(json.dumps(list(ids))).table_valued("value", name=name)


def memberships(session: Session, customers: Iterable[int]) -> Select[int, int]:
    """Which segments these customers belong to, by their rows; as many customers as you like.

    Joined, not compared with a list: just after a rebuild has filled the table PostgreSQL
    takes it for empty, and went through it once for each of a hundred thousand customers.
    """
    ids = listed(session, customers)
    query = select(SegmentMember.customer_id, SegmentMember.segment_id)
    return query.join(ids, ids.c.value == SegmentMember.customer_id)


def one_of_ids(
    session: Session, column: InstrumentedAttribute[int | None], ids: Sequence[int]
) -> ColumnElement[bool]:
    """`column` is one of `ids`, as one parameter however many there are."""
    if on_postgresql(session):
        return column == any_(id_array(ids))
    return column.in_(select(listed(session, ids).c.value))


def belongs(
    session: Session, column: InstrumentedAttribute[int | None], members: Members
) -> ColumnElement[bool]:
    """`column` is one of a segment's customers."""
    mine = SegmentMember.segment_id == members.segment_id
    clause: ColumnElement[bool] = column.in_(select(SegmentMember.customer_id).where(mine))
    if not on_postgresql(session):
        # SQLite would list all members before it looks at the first row
        clause = exists().where(mine, SegmentMember.customer_id == column)
    if members.joined:
        clause = or_(clause, one_of_ids(session, column, members.joined))
    if members.left:
        clause = and_(clause, not_(one_of_ids(session, column, members.left)))
    return clause


def member_ids(session: Session, members: Members) -> tuple[int, ...]:
    """A segment's customers by id, in order."""
    column = SegmentMember.customer_id
    query = select(column).where(SegmentMember.segment_id == members.segment_id)
    listed = {*session.scalars(query), *members.joined} - {*members.left}
    return tuple(sorted(listed))
