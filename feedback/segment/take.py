"""Taking messages in: events stored once, ids of one person joined, refusals kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import refusals
from feedback.api.problems import first_problem
from feedback.api.schemas import EventResult, FieldError
from feedback.customers.merge import link
from feedback.intake import ingest
from feedback.persisting import persisting
from feedback.segment.messages import Link, Read, read
from feedback.segment.schema import SegmentMessage
from models.customer import Customer
from models.errors import InvalidInput
from models.intake import CustomerAlias

SOURCE = "segment"
MAX_MESSAGE = 32 * 1024
"""Bytes of one message, as Segment has it."""
_NAMES = {
    "id": "messageId",
    "event": "event",
    "occurred_at": "timestamp",
    "customer.id": "userId",
    "customer.attributes": "",
}


@dataclass(slots=True)
class Opened:
    """The messages of a call that can be read, and what ails the others, by place."""

    reads: dict[int, Read] = field(default_factory=dict)
    refused: dict[int, EventResult] = field(default_factory=dict)


def open_messages(
    items: Sequence[object], kind: str | None, sent_at: str | None, received: datetime
) -> Opened:
    """Each by itself; `kind` None reads it off the message. Nothing is stored yet."""
    opened = Opened()
    for place, item in enumerate(items):
        try:
            message = _checked(item)
            opened.reads[place] = read(message, kind or _kind(message), sent_at, received)
        except ValidationError as error:
            opened.refused[place] = EventResult(
                id=_readable_id(item), status="error", error=first_problem(error)
            )
        except InvalidInput as error:
            told = FieldError(message=error.message, field=error.field, mend=error.mend)
            opened.refused[place] = EventResult(id=_readable_id(item), status="error", error=told)
    return opened


def take(
    session: Session, workspace_id: int, opened: Opened, received: datetime
) -> list[EventResult]:
    """Store what was opened; one result a message, in order. Commits."""
    results = persisting(session, lambda: _store(session, workspace_id, opened, received))
    return [results[place] for place in sorted(results)]


def _store(
    session: Session, workspace_id: int, opened: Opened, received: datetime
) -> dict[int, EventResult]:
    stored = {place: one for place, one in opened.reads.items() if one.item is not None}
    links = {place: one.link for place, one in opened.reads.items() if one.link is not None}
    alone = not links and not opened.refused
    items = [one.item for one in stored.values()]
    found = ingest(session, workspace_id, items, received, SOURCE, prefix="", commit=alone)
    results = dict(opened.refused)
    for (place, one), result in zip(stored.items(), found, strict=True):
        results[place] = _renamed(result, one.traits_at)
    for place in links.keys() - stored.keys():
        results[place] = EventResult(id=opened.reads[place].id, status="accepted")
    good = {place: one for place, one in links.items() if results[place].status != "error"}
    _join(session, workspace_id, good.values(), received)
    refused = refusals.of_results([results[place] for place in sorted(results)])
    refusals.keep(session, workspace_id, SOURCE, refused, received)
    if not alone or refused:
        session.commit()
    return results


def _join(session: Session, workspace_id: int, links: Iterable[Link], now: datetime) -> None:
    """Make the ids of one person one customer; what an identify says of an id counts once.

    A shared device is identified as one person after another: its visitor was the first.
    """
    wanted = list(dict.fromkeys(links))
    known = _known(session, workspace_id, wanted)
    for one in wanted:
        owner = known.get(one.other)
        if owner == one.own or (owner is not None and not one.sure):
            continue
        kept = link(session, workspace_id, one.other, one.own, now)
        known[one.other] = kept.kept


def _known(session: Session, workspace_id: int, links: Sequence[Link]) -> dict[str, str]:
    """The customers that these ids are further ids of."""
    if not links:
        return {}
    rows = (
        select(CustomerAlias.external_id, Customer.external_id)
        .join(Customer, Customer.id == CustomerAlias.customer_id)
        .where(
            CustomerAlias.workspace_id == workspace_id,
            CustomerAlias.external_id.in_({one.other for one in links}),
        )
    )
    return dict(session.execute(rows).all())


def _checked(item: object) -> SegmentMessage:
    message = SegmentMessage.model_validate(item)
    if len(to_json(item)) > MAX_MESSAGE:
        mend = "Send less: properties and traits are for what surveys and reports use."
        raise InvalidInput("holds more than 32 KB", field="", mend=mend)
    return message


def _kind(message: SegmentMessage) -> str:
    if message.type is None:
        mend = "Write identify, track, page, screen, group or alias."
        raise InvalidInput("is missing", field="type", mend=mend)
    return message.type


def _readable_id(item: Any) -> str | None:
    found = item.get("messageId") if isinstance(item, dict) else None
    return found[:200] if isinstance(found, str) else None


def _renamed(result: EventResult, traits_at: str) -> EventResult:
    """The result with its field called as the sender calls it."""
    if result.error is None or result.error.field is None:
        return result
    ours = result.error.field
    name = next((one for one in _NAMES if ours == one or ours.startswith((f"{one}.",))), "")
    theirs = _NAMES.get(name) or traits_at
    rest = ours.removeprefix(name or "customer").lstrip(".")
    if ours.startswith("properties"):
        theirs, rest = ours, ""
    renamed = result.error.model_copy(update={"field": f"{theirs}.{rest}".rstrip(".")})
    return result.model_copy(update={"error": renamed})
