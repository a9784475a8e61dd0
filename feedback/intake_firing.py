"""Telling the triggers what came in, with the customers as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.intake_rows import Record
from models.customer import Customer
from surveys import triggers


class Happened(NamedTuple):
    """An event as triggers take one."""

    id: int
    workspace_id: int
    name: str
    touchpoint_id: int | None
    occurred_at: datetime
    properties: dict[str, Any]


class Whom(NamedTuple):
    """A customer as triggers take one."""

    id: int
    external_id: str
    locale: str | None
    timezone: str | None
    attributes: dict[str, Any]


def fire(
    session: Session,
    events: list[Record],
    stored: Mapping[str, int],
    whom: Mapping[int, Whom],
    now: datetime,
) -> None:
    """Tell the triggers of the new events somebody listens to."""
    heard = [
        (_happened(row, stored[row["external_id"]]), row["customer_id"])
        for row in events
        if row["external_id"] in stored
    ]
    if not heard:
        return
    missing = {customer for _, customer in heard} - whom.keys()
    known = {**whom, **_read(session, missing)}
    pairs = [(event, known[customer]) for event, customer in heard]
    triggers.fire_many(session, heard[0][0].workspace_id, pairs, now)


def _happened(row: Record, event_id: int) -> Happened:
    return Happened(event_id, *(row[name] for name in Happened._fields[1:]))


def as_stand(known: Mapping[str, tuple[int, Record]], changed: Iterable[Record]) -> dict[int, Whom]:
    """The customers of whom nothing is new: what was read of them before holds."""
    news = {row["external_id"] for row in changed}
    return {
        number: Whom(number, key, stored["locale"], stored["timezone"], stored["attributes"])
        for key, (number, stored) in known.items()
        if key not in news
    }


def _read(session: Session, ids: Iterable[int]) -> dict[int, Whom]:
    """Customers as they stand by now, old and new words merged."""
    if not (wanted := list(ids)):
        return {}
    columns = [getattr(Customer, name) for name in Whom._fields]
    rows = session.execute(select(*columns).where(Customer.id.in_(wanted)))
    return {row.id: Whom(*row) for row in rows}
