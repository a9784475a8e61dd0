"""Intake: events in, each stored once, customers kept current, triggers told of what is new."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from feedback import intake_rows, intake_sql
from feedback.api.schemas import EventIn, EventResult
from feedback.intake_facts import facts
from feedback.intake_firing import as_stand, fire
from feedback.intake_read import Batch, read, read_phones
from feedback.intake_rows import Record
from surveys.prepared import at_once


@dataclass(slots=True)
class _Known:
    """What the database says about a batch before it is stored."""

    region: str = "GB"
    customers: dict[str, tuple[int, Record]] = field(default_factory=dict)
    own_ids: dict[str, str] = field(default_factory=dict)
    touchpoints: dict[str, int] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    triggered: set[str] = field(default_factory=set)


def ingest(
    session: Session,
    workspace_id: int,
    items: Sequence[object],
    now: datetime,
    source: str = "api",
    prefix: str = "events",
    *,
    commit: bool = False,
) -> list[EventResult]:
    """Store what is new of `items` (EventIn or raw JSON values); one result an item, in order.

    Without `commit` the caller's transaction holds it all. A bad item is refused by itself;
    its field is named under `prefix` (`events[3].customer.phone`; bare when empty).
    """
    batch = read(items, now, prefix)
    if batch.items:
        connection = session.connection()
        known = _known(connection, workspace_id, batch.items.values(), source)
        stored_phones = {stored["phone"] for _, stored in known.customers.values()}
        phones = read_phones(batch, known.region, stored_phones, prefix)
        new = _drop_seen(batch, known.seen)
        wanted = intake_rows.customers(workspace_id, new, phones, known.own_ids, now)
        # all is worked out before the first write: on SQLite it locks everybody else out
        changed = _changed(wanted, known)
        with at_once(connection) if commit and _alone(new, changed, known) else nullcontext():
            ids = _upsert(connection, changed, known)
            events = intake_rows.events(
                workspace_id, new.values(), ids, known.touchpoints, known.own_ids, source, now
            )
            stored = _insert(connection, events)
        for place, event in new.items():
            batch.settle(place, "accepted" if event.id in stored else "duplicate")
        heard = [row for row in events if row["name"] in known.triggered]
        fire(session, heard, stored, as_stand(known.customers, changed) if heard else {}, now)
    if commit:
        session.commit()
    return [batch.results[place] for place in range(len(items))]


def _known(
    connection: Connection, workspace_id: int, events: Iterable[EventIn], source: str
) -> _Known:
    listed = list(events)
    rows = facts(
        connection,
        workspace_id,
        source,
        names=list({event.event for event in listed}),
        ids=[event.id for event in listed],
        customers=list({event.customer.id for event in listed}),
    )
    known = _Known()
    for kind, name, number, own_id, *rest in rows:
        if kind == "customer":
            known.customers[name] = (number, _as_stored(rest))
        elif kind == "alias":
            known.own_ids[name] = own_id
            known.customers[own_id] = (number, _as_stored(rest))
        elif kind == "touchpoint":
            known.touchpoints[name] = number
        elif kind == "region":
            known.region = name
        else:
            (known.seen if kind == "seen" else known.triggered).add(name)
    return known


def _as_stored(values: Sequence[Any]) -> Record:
    *fields, attributes = values
    found = json.loads(attributes) if isinstance(attributes, str) else attributes
    return {**dict(zip(intake_sql.OVERWRITTEN, fields, strict=True)), "attributes": found}


def _drop_seen(batch: Batch, seen: set[str]) -> dict[int, EventIn]:
    """The events to store; those stored before, or twice in this batch, are duplicates."""
    new: dict[int, EventIn] = {}
    known = set(seen)
    for place, event in batch.items.items():
        if event.id in known:
            batch.settle(place, "duplicate")
        else:
            known.add(event.id)
            new[place] = event
    return new


def _changed(wanted: list[Record], known: _Known) -> list[Record]:
    """The customers of whom something is new."""
    return [
        row for row in wanted if intake_rows.says_more(row, known.customers.get(row["external_id"]))
    ]


def _alone(new: Mapping[int, EventIn], changed: list[Record], known: _Known) -> bool:
    """Whether one INSERT is all there is to write."""
    names = {event.event for event in new.values()}
    return len(new) == 1 and not changed and not names & known.triggered


def _upsert(connection: Connection, changed: list[Record], known: _Known) -> dict[str, int]:
    """The customers' ids; those of whom something is new are written."""
    ids = {key: number for key, (number, _) in known.customers.items()}
    if changed:
        ids |= intake_sql.write(connection, intake_sql.UPSERT_CUSTOMERS, changed)
    return ids


def _insert(connection: Connection, events: list[Record]) -> dict[str, int]:
    """The ids of the events that were stored; a rival's insert leaves its event out."""
    if not events:
        return {}
    return intake_sql.write_events(connection, events)
