"""The rows of an intake: what its events say, ready to be stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from feedback.api.schemas import CustomerIn, EventIn
from feedback.intake_sql import OVERWRITTEN

Record = dict[str, Any]


def customers(
    workspace_id: int, new: Mapping[int, EventIn], phones: Mapping[int, str], now: datetime
) -> list[Record]:
    """One row a customer with what the events say of them, the latest word last."""
    rows: dict[str, Record] = {}
    for place, event in new.items():
        row = rows.setdefault(event.customer.id, _blank(workspace_id, event.customer.id, now))
        _fill(row, event.customer, phones.get(place))
    # one order everywhere, so that two batches never wait for each other in a circle
    return [rows[key] for key in sorted(rows)]


def _blank(workspace_id: int, external_id: str, now: datetime) -> Record:
    row: Record = dict.fromkeys(OVERWRITTEN)
    row |= {"workspace_id": workspace_id, "external_id": external_id, "attributes": {}}
    return row | {"is_test": False, "created_at": now, "updated_at": now}


def _fill(row: Record, customer: CustomerIn, phone: str | None) -> None:
    given = {"phone": phone, "email": customer.email, "locale": customer.locale}
    given["timezone"] = customer.timezone
    row.update({name: value for name, value in given.items() if value})
    row["attributes"].update(customer.attributes)


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
            "customer_id": ids[event.customer.id],
            "touchpoint_id": touchpoints.get(event.event),
            "properties": event.properties,
            "occurred_at": event.occurred_at or now,
            "received_at": now,
        }
        for event in sorted(new, key=lambda event: event.id)
    ]
