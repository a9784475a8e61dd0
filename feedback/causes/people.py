"""Who the drawn voices belong to, and what these customers did: at the time, and before."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, cast, select, type_coerce
from sqlalchemy.orm import Session

from feedback.causes.draw import Unit
from feedback.reporting.scope import Scope
from feedback.reporting.segments import one_of_ids
from feedback.search.words import on_postgres
from models.customer import Customer, Segment
from models.errors import WaymarkError
from models.event import Event
from models.journey import Touchpoint
from surveys.conditions import Filter, matches, parse_filter
from surveys.contexts import customer_facts

BEFORE = timedelta(days=30)
"""How long before a voice its customer's events are looked at."""
MOST_EVENTS = 20_000
MOST_SEGMENTS = 12

People = Mapping[int, Row[*tuple[Any, ...]]]
Deed = tuple[datetime, str, str]
"""When a customer did something, what it is called, and its properties as JSON."""


@dataclass(frozen=True, slots=True)
class Deeds:
    """What the customers did, oldest first; `cut` where there was more than is looked at."""

    of: Mapping[int, Sequence[Deed]] = field(default_factory=dict)
    cut: bool = False

    def at(self, unit: Unit) -> dict[str, Any] | None:
        """The properties of the event that the voice is about: the one of its very moment."""
        mine = self.of.get(unit.customer_id or 0, ())
        place = bisect_left(mine, unit.at, key=lambda deed: deed[0])
        same = place < len(mine) and mine[place][0] == unit.at
        return json.loads(mine[place][2]) if same else None

    def before(self, unit: Unit) -> set[str]:
        """What its customer did in the days before."""
        mine = self.of.get(unit.customer_id or 0, ())
        start = bisect_left(mine, unit.at - BEFORE, key=lambda deed: deed[0])
        end = bisect_left(mine, unit.at, key=lambda deed: deed[0])
        return {deed[1] for deed in mine[start:end]}


def people(session: Session, units: Sequence[Unit]) -> People:
    """The customers behind these voices, by id."""
    ids = sorted({unit.customer_id for unit in units if unit.customer_id is not None})
    query = select(
        Customer.id,
        Customer.external_id,
        Customer.locale,
        Customer.timezone,
        Customer.attributes,
    ).where(one_of_ids(session, Customer.id, ids))
    return {row.id: row for row in session.execute(query)}


def deeds(session: Session, scope: Scope, units: Sequence[Unit], known: People) -> Deeds:
    """The events of these customers from `BEFORE` the first voice to the last."""
    if not known:
        return Deeds()
    # parsed where they are needed alone: of most events only the name is
    as_text = cast if on_postgres(session) else type_coerce
    properties: ColumnElement[str] = as_text(Event.properties, Text)
    query = (
        select(Event.customer_id, Event.occurred_at, Event.name, properties, Event.touchpoint_id)
        .where(one_of_ids(session, Event.customer_id, sorted(known)))
        .where(Event.occurred_at >= units[0].at - BEFORE, Event.occurred_at <= units[-1].at)
        .order_by(Event.customer_id, Event.occurred_at, Event.id)
        .limit(MOST_EVENTS + 1)
    )
    places = select(Touchpoint.id, Touchpoint.name).where(
        Touchpoint.workspace_id == scope.workspace_id
    )
    names = dict(session.execute(places).all())
    found: dict[int, list[Deed]] = defaultdict(list)
    rows = session.execute(query).all()
    for customer_id, at, name, written, place in rows[:MOST_EVENTS]:
        found[customer_id].append((at, names.get(place or 0, name), written))
    return Deeds(found, len(rows) > MOST_EVENTS)


def segments(session: Session, workspace_id: int, known: People) -> Mapping[int, tuple[str, ...]]:
    """The names of the segments that each customer belongs to."""
    query = select(Segment).where(Segment.workspace_id == workspace_id).order_by(Segment.key)
    filters = [
        (segment.name, parsed)
        for segment in session.scalars(query.limit(MOST_SEGMENTS))
        if (parsed := _filter(segment)) is not None
    ]
    if not filters:
        return {}
    facts = {id_: {**row.attributes, "customer": customer_facts(row)} for id_, row in known.items()}
    return {
        id_: tuple(name for name, parsed in filters if matches(parsed, facts[id_])) for id_ in known
    }


def _filter(segment: Segment) -> Filter | None:
    """The segment's filter; one that can't be read any more matches nobody."""
    try:
        return parse_filter(segment.filter)
    except WaymarkError:
        return None
