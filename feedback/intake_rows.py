"""The rows of an intake: what its events say, ready to be stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from feedback.api.schemas import EventIn
from feedback.intake_read import EARLIEST
from feedback.intake_sql import OVERWRITTEN

Record = dict[str, Any]


def customers(
    workspace_id: int,
    new: Mapping[int, EventIn],
    phones: Mapping[int, str],
    own_ids: Mapping[str, str],
    now: datetime,
) -> list[Record]:
    """One row a customer with what the events say of them, the latest word last.

    `own_ids` are the ids of those who were merged into another customer.
    """
    rows: dict[str, Record] = {}
    for place, event in sorted(new.items(), key=lambda one: one[1].occurred_at or now):
        who = own_ids.get(event.customer.id, event.customer.id)
        row = rows.get(who)
        if row is None:
            row = rows[who] = _blank(workspace_id, who, now)
        _fill(row, event, phones.get(place), now)
    # one order everywhere, so that two batches never wait for each other in a circle
    return [rows[key] for key in sorted(rows)]


def _blank(workspace_id: int, external_id: str, now: datetime) -> Record:
    row: Record = dict.fromkeys(OVERWRITTEN)
    row |= {"workspace_id": workspace_id, "external_id": external_id, "attributes": {}}
    row |= {"is_test": False, "created_at": now, "updated_at": now}
    return row | {"stated_at": EARLIEST}


def _fill(row: Record, event: EventIn, phone: str | None, now: datetime) -> None:
    customer = event.customer
    given = {"phone": phone, "email": customer.email, "locale": customer.locale}
    given["timezone"] = customer.timezone
    said = {name: value for name, value in given.items() if value}
    row.update(said)
    row["attributes"].update(customer.attributes)
    if said or customer.attributes:
        row["stated_at"] = min(event.occurred_at or now, now)


def says_more(row: Record, stored: tuple[int, Record] | None) -> bool:
    """Whether a row tells something that isn't stored."""
    if stored is None:
        return True
    old = stored[1]
    if any(row[name] not in (None, old[name]) for name in OVERWRITTEN):
        return True
    return any(old["attributes"].get(key) != value for key, value in row["attributes"].items())


def events(
    workspace_id: int,
    new: Iterable[EventIn],
    ids: Mapping[str, int],
    touchpoints: Mapping[str, int],
    own_ids: Mapping[str, str],
    source: str,
    now: datetime,
) -> list[Record]:
    """One row an event, in the order of their ids: two batches never wait in a circle."""
    return [
        {
            "workspace_id": workspace_id,
            "source": source,
            "external_id": event.id,
            "name": event.event,
            "customer_id": ids[own_ids.get(event.customer.id, event.customer.id)],
            "touchpoint_id": touchpoints.get(event.event),
            "properties": event.properties,
            "occurred_at": event.occurred_at or now,
            "received_at": now,
        }
        for event in sorted(new, key=lambda event: event.id)
    ]
