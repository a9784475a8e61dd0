"""Reading a batch: which of its items are events, and what ails the others."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic import ValidationError

from feedback.api.problems import first_problem
from feedback.api.schemas import EventIn, EventResult, FieldError
from models.errors import InvalidInput
from surveys.phones import normalise

AHEAD = timedelta(days=1)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_NUL = "holds a NUL character"


@dataclass(slots=True)
class Batch:
    """Events that may be stored, and what became of each item, both by place."""

    items: dict[int, EventIn] = field(default_factory=dict)
    results: dict[int, EventResult] = field(default_factory=dict)

    def refuse(self, place: int, event_id: str | None, error: FieldError) -> None:
        """Take an item out, with what is wrong with it."""
        self.items.pop(place, None)
        self.results[place] = EventResult(id=event_id, status="error", error=error)

    def settle(self, place: int, status: Literal["accepted", "duplicate"]) -> None:
        """Say what became of a good item."""
        self.results[place] = EventResult(id=self.items[place].id, status=status)


def read(items: Sequence[object], now: datetime, prefix: str) -> Batch:
    """Sort items (EventIn or raw JSON values) into events and refusals.

    A refusal's field stands under `prefix` and the item's place; bare when prefix is empty.
    """
    batch = Batch()
    for place, item in enumerate(items):
        here = _at(place, prefix)
        try:
            event = item if isinstance(item, EventIn) else EventIn.model_validate(item)
        except ValidationError as error:
            batch.refuse(place, _readable_id(item), first_problem(error, here))
            continue
        problem = _bad_time(event, now) or _unstorable(event)
        if problem is None:
            batch.items[place] = event
        else:
            batch.refuse(place, event.id, _under(here, problem))
    return batch


def read_phones(batch: Batch, region: str, known: Set[str], prefix: str) -> dict[int, str]:
    """E.164 numbers by place; an item whose number is no phone is refused.

    `known` are numbers in E.164 already, which need not be read again.
    """
    phones: dict[int, str] = {}
    for place, event in list(batch.items.items()):
        raw = event.customer.phone
        if not raw:
            continue
        try:
            phones[place] = raw if raw in known else normalise(raw, region)
        except InvalidInput as error:
            what = FieldError(message=error.message, field="customer.phone", mend=error.mend)
            batch.refuse(place, event.id, _under(_at(place, prefix), what))
    return phones


def _at(place: int, prefix: str) -> str:
    return f"{prefix}[{place}]" if prefix else ""


def _under(here: str, problem: FieldError) -> FieldError:
    return problem.model_copy(update={"field": f"{here}.{problem.field}".lstrip(".")})


def _readable_id(item: object) -> str | None:
    found = item.get("id") if isinstance(item, Mapping) else None
    return found[:200] if isinstance(found, str) else None


def _bad_time(event: EventIn, now: datetime) -> FieldError | None:
    at = event.occurred_at
    if at is None or EARLIEST <= at <= now + AHEAD:
        return None
    far = "lies more than a day ahead" if at > now else "lies before the year 2000"
    mend = "Send the time the event happened, with its zone."
    return FieldError(message=far, field="occurred_at", mend=mend)


def _unstorable(event: EventIn) -> FieldError | None:
    """A NUL character: valid JSON, but PostgreSQL's text can't hold it."""
    customer = event.customer
    parts: dict[str, object] = {
        "id": event.id,
        "event": event.event,
        "customer.id": customer.id,
        "customer.email": customer.email,
        "properties": event.properties,
        "customer.attributes": customer.attributes,
    }
    if not any("\\x00" in repr(value) for value in parts.values() if value):
        return None
    for name, value in parts.items():
        text = value if isinstance(value, str) else json.dumps(value) if value else ""
        if "\0" in text or ("\\u0000" in text and not isinstance(value, str)):
            return FieldError(message=_NUL, field=name, mend="Take it out.")
    return None
