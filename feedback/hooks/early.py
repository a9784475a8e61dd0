"""Events whose customer another event names: looked up, kept waiting, and taken up with the other.

Whatever a source's mapping looks up by `same_as` goes through here, from webhooks and files alike.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.api.schemas import EventResult
from feedback.hooks import waiting
from feedback.hooks.reading import Found
from feedback.hooks.waiting import Where
from feedback.shapes import Shape
from models.customer import Customer
from models.event import Event
from models.intake import IntakeWaiting

LONGEST = 200
Item = dict[str, Any]
Store = Callable[[Sequence[Item]], list[EventResult]]


class Waits(Shape):
    """An event that waits for the one that names its customer."""

    id: str
    status: Literal["waiting"] = "waiting"
    waits_for: str = Field(description="The id of the event that names its customer.")


Outcome = EventResult | Waits


@dataclass(frozen=True)
class TakenIn:
    """One outcome an event, in order, and what became of those that had waited for one of them."""

    outcomes: list[Outcome]
    waited: list[EventResult]


def take_in(
    session: Session, where: Where, found: Sequence[Found], now: datetime, store: Store
) -> TakenIn:
    """Store the events whose customer is known, and those that waited for one of them.

    `store` takes events in and says what became of each. The caller's transaction holds it all,
    and has written nothing before.
    """
    early = _early(session, where, found)
    waiting.meet(session, where, waits=bool(early))
    outcomes: dict[int, Outcome] = _hold(session, where, found, early, now) if early else {}
    ready = [place for place in range(len(found)) if place not in outcomes]
    stored = store([found[place].item for place in ready])
    outcomes |= zip(ready, stored, strict=True)
    ids = {one.id for one in stored if one.id and one.error is None}
    ids |= {one.waits_for for one in outcomes.values() if isinstance(one, Waits)}
    waited = _take_up(session, where, ids, store)
    known = {one.id: one for one in waited}
    told = [outcomes[place] for place in range(len(found))]
    mine = {one.id for one in told if isinstance(one, Waits)}
    return TakenIn(
        [known.get(one.id, one) if isinstance(one, Waits) else one for one in told],
        [one for one in waited if one.id not in mine],
    )


def _early(session: Session, where: Where, found: Sequence[Found]) -> dict[int, str]:
    """Give events their customers where others name them; whose are not known, by place.

    An event that is stored already is none of these, whatever became of the one that it names.
    """
    named = {place: name for place, one in enumerate(found) if (name := _text(one.same_as))}
    owners = _owners(session, where, set(named.values()))
    for place, name in named.items():
        if own := owners.get(name):
            found[place].item["customer"]["id"] = own
    early = {
        place: name
        for place, name in named.items()
        if found[place].item["customer"].get("id") in (None, "")
    }
    ids = {place: one for place in early if (one := _text(found[place].item["id"]))}
    stored = _owners(session, where, set(ids.values()))
    for place in [place for place, one in ids.items() if one in stored]:
        found[place].item["customer"]["id"] = stored[ids[place]]
        del early[place]
    return early


def _text(said: Any) -> str | None:
    """An id that an event may have."""
    fits = isinstance(said, str) and 0 < len(said) <= LONGEST and "\0" not in said
    return said if fits else None


def _owners(session: Session, where: Where, events: Collection[str]) -> dict[str, str]:
    """The customers of events of this source."""
    if not events:
        return {}
    rows = (
        select(Event.external_id, Customer.external_id)
        .join(Customer, Customer.id == Event.customer_id)
        .where(Event.workspace_id == where.workspace_id, Event.source == where.source)
        .where(Event.external_id.in_(events))
    )
    return dict(session.execute(rows).all())


def _hold(
    session: Session,
    where: Where,
    found: Sequence[Found],
    early: Mapping[int, str],
    now: datetime,
) -> dict[int, Outcome]:
    """Keep what is early; one that can't be used anyway is refused at once."""
    bad = {place: waiting.unusable(found[place].item, now) for place in early}
    outcomes: dict[int, Outcome] = {place: one for place, one in bad.items() if one is not None}
    kept = {place: waits_for for place, waits_for in early.items() if place not in outcomes}
    pairs = [(found[place].item, waits_for) for place, waits_for in kept.items()]
    held = waiting.hold(session, where, pairs, now) if pairs else set()
    for place, waits_for in kept.items():
        name = found[place].item["id"]
        again = EventResult(id=name, status="duplicate")
        outcomes[place] = Waits(id=name, waits_for=waits_for) if name in held else again
    return outcomes


def _take_up(
    session: Session, where: Where, ids: Collection[str], store: Store
) -> list[EventResult]:
    """Store what waited for these events, and what waited for that in turn."""
    results: list[EventResult] = []
    while ids and (rows := waiting.waiting_for(session, where, ids)):
        owners = _owners(session, where, {row.waits_for for row in rows})
        ready = [row for row in rows if row.waits_for in owners]
        results += store([_named(row, owners) for row in ready])
        waiting.done(session, ready)
        ids = {row.external_id for row in ready}
    return results


def _named(row: IntakeWaiting, owners: dict[str, str]) -> Item:
    customer = {**row.item["customer"], "id": owners[row.waits_for]}
    return {**row.item, "customer": customer}
