"""What comes in during a replay, in order of time: events, and what was made without one.

Events are found by their ids, which grow as they are received, so that a stretch of a large
history needs no index by time: its beginning is found by halving.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.event import Event
from surveys.replay.given import AT_ONCE, Given, Span, given

LATE = timedelta(hours=1)
"""A transaction that began earlier may commit so much later, with a lower id."""


class Happening(NamedTuple):
    """An event as triggers need it."""

    id: int
    workspace_id: int
    name: str
    customer_id: int
    touchpoint_id: int | None
    properties: Mapping[str, Any]
    occurred_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that comes in."""

    at: datetime
    what: Happening | Given

    @property
    def customer_id(self) -> int:
        """Whom it is about."""
        return self.what.customer_id


def arrivals(session: Session, span: Span) -> Iterator[Arrival]:
    """Everything in order of time, read a thousand rows at a time."""
    return heapq.merge(_waited(session, span), _events(session, span), key=lambda one: one.at)


def count(session: Session, span: Span, most: int) -> int:
    """How many events the span holds; it is not counted past `most` and one."""
    first = _first(session, span)
    if first is None or not span.events:
        return 0
    some = _in_span(select(Event.id), span).where(Event.id >= first).limit(most + 1)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _first(session: Session, span: Span) -> int | None:
    """The id from which on events may have been received in the span; None where there is none."""
    low, high = session.execute(select(func.min(Event.id), func.max(Event.id))).one()
    if high is None:
        return None
    wanted = span.start - LATE
    while low < high:
        middle = (low + high) // 2
        near = select(Event.id, Event.received_at).where(Event.id >= middle)
        row = session.execute(near.order_by(Event.id).limit(1)).one()
        if row.received_at < wanted:
            low = row.id + 1
        else:
            high = middle
    return int(low)


def _in_span(wanted: Select[Any], span: Span) -> Select[Any]:
    return wanted.where(
        Event.workspace_id == span.workspace_id,
        Event.received_at >= span.start,
        Event.received_at < span.end,
        Event.name.in_(span.events),
    )


_EVENT = select(
    Event.id,
    Event.workspace_id,
    Event.name,
    Event.customer_id,
    Event.touchpoint_id,
    Event.properties,
    Event.occurred_at,
    Event.received_at,
)


def _events(session: Session, span: Span) -> Iterator[Arrival]:
    at, last = span.start, (_first(session, span) or 1) - 1
    wanted = _in_span(_EVENT, span).order_by(Event.id).limit(AT_ONCE)
    while span.events:
        rows = session.execute(wanted.where(Event.id > last)).all()
        for row in rows:
            at = max(at, row.received_at)
            yield Arrival(at, Happening(*row))
        if len(rows) < AT_ONCE:
            return
        last = rows[-1].id


def _waited(session: Session, span: Span) -> Iterator[Arrival]:
    at = span.start
    for one in given(session, span):
        at = max(at, one.created_at)
        yield Arrival(at, one)
