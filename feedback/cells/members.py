"""Who belongs to which segment, kept as rows, and brought up to date for those who changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Insert, Row, delete, func, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from feedback.cells.definitions import segment_name
from feedback.reporting.segments import Members, memberships, one_of_ids
from models.customer import Customer, Segment
from models.statistics import SegmentMember, StatisticMark, StatisticState
from surveys.conditions import Filter, matches, parse_filter, tests
from surveys.contexts import customer_facts
from surveys.wording import lookup

MOST_PENDING = 500
"""So many changed customers are looked at by a report itself."""

Belonging = set[tuple[int, int]]
"""Pairs of a customer and a segment."""


def members_of(session: Session, segment: Segment) -> Members | None:
    """A segment's members by their rows; None while these can't be relied on."""
    state = session.get(StatisticState, segment.workspace_id, populate_existing=True)
    if state is None or state.segments.get(str(segment.id)) != segment_name(segment):
        return None
    pending = _pending(session, segment.workspace_id)
    if len(pending) > MOST_PENDING:
        return None
    if not pending:
        return Members(segment.id)
    filters = {segment.id: parse_filter(segment.filter)}
    is_in = {customer for customer, _ in belonging(session, filters, pending)}
    was_in = {customer for customer, one in stored(session, pending) if one == segment.id}
    return Members(segment.id, tuple(sorted(is_in - was_in)), tuple(sorted(was_in - is_in)))


def _pending(session: Session, workspace_id: int) -> list[int]:
    """Customers that changed since they were last looked at, one more than too many at most."""
    mine = StatisticMark.workspace_id == workspace_id
    query = select(StatisticMark.customer_id).where(mine, StatisticMark.customer_id.is_not(None))
    found = session.scalars(query.distinct().limit(MOST_PENDING + 1))
    return [customer for customer in found if customer is not None]


def filters_of(session: Session, workspace_id: int) -> dict[int, Filter]:
    """The filters of a workspace's segments."""
    query = select(Segment).where(Segment.workspace_id == workspace_id)
    return {one.id: parse_filter(one.filter) for one in session.scalars(query)}


def belonging(
    session: Session, filters: Mapping[int, Filter], customers: Collection[int]
) -> Belonging:
    """Who of these customers belongs where, asked of the filters."""
    if not filters:
        return set()
    query = select(
        Customer.id, Customer.external_id, Customer.locale, Customer.timezone, Customer.attributes
    ).where(one_of_ids(session, Customer.id, list(customers)))
    belong = Belong(filters)
    return {(row.id, segment) for row in session.execute(query) for segment in belong.of(row)}


class Belong:
    """Which segments customers belong to; customers of whom filters see the same are one case."""

    def __init__(self, filters: Mapping[int, Filter]) -> None:
        self._filters = filters
        self._paths = sorted({test.path for one in filters.values() for test in tests(one)})
        self._known: dict[str, Sequence[int]] = {}

    def of(self, row: Row[Any]) -> Sequence[int]:
        """The segments of a customer's row."""
        facts = {**row.attributes, "customer": customer_facts(row)}
        # of two values that are written alike, neither meets a filter that the other does not
        seen = repr([lookup(facts, path) for path in self._paths])
        if seen not in self._known:
            self._known[seen] = [
                segment for segment, wanted in self._filters.items() if matches(wanted, facts)
            ]
        return self._known[seen]


def stored(session: Session, customers: Collection[int]) -> Belonging:
    """Where these customers belong by their rows."""
    rows = session.execute(memberships(session, customers))
    return {(row.customer_id, row.segment_id) for row in rows}


def store(session: Session, was: Belonging, now: Belonging) -> None:
    """Write the difference. Commits nothing."""
    for customer, segment in was - now:
        gone = (SegmentMember.customer_id == customer) & (SegmentMember.segment_id == segment)
        session.execute(delete(SegmentMember).where(gone))
    new = [{"customer_id": one, "segment_id": segment} for one, segment in sorted(now - was)]
    if new and session.get_bind().dialect.name == "postgresql":
        session.execute(_from_lists(new))
    elif new:
        session.execute(insert(SegmentMember), new)


def _from_lists(rows: Sequence[Mapping[str, int]]) -> Insert:
    """One statement for all rows: PostgreSQL takes each of many as a message of its own."""
    names = ("customer_id", "segment_id")
    lists = [literal([row[name] for row in rows], ARRAY(BigInteger)) for name in names]
    return insert(SegmentMember).from_select(names, select(*map(func.unnest, lists)))
