"""Taking a webhook in: proven, read by its mapping, stored once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from feedback import refusals
from feedback.api.bodies import as_json
from feedback.api.schemas import EventResult, FieldError
from feedback.hooks import reading, signatures, sources
from feedback.hooks.early import TakenIn, take_in
from feedback.hooks.reading import OPTIONAL, Found
from feedback.hooks.waiting import Where
from feedback.intake import ingest
from feedback.persisting import persisting
from feedback.refusals import Refused
from feedback.secret_box import opened
from models.errors import NotAuthenticated
from models.intake import IntakeSource

NOTED = timedelta(minutes=1)
"""How often a source's row is touched to say that it lives."""


@dataclass(frozen=True)
class Call:
    """A webhook as it came."""

    headers: signatures.Headers
    body: bytes
    at: datetime


def prove(session: Session, source: IntakeSource, call: Call, secret_key: str) -> None:
    """Refuse a call that isn't the source's (NotAuthenticated), and count it. Commits that."""
    try:
        if source.secret is None:
            mend = "Give it: `waymark source secret`."
            raise NotAuthenticated("the source's secret isn't known yet", mend=mend)
        secret = opened(source.secret, secret_key)
        signatures.CHECKS[source.kind](secret, call.headers, call.body, call.at)
    except NotAuthenticated as error:
        source.refused = IntakeSource.refused + 1
        source.refused_at, source.refused_why = call.at, str(error)[:200]
        session.commit()
        raise


def take(session: Session, source: IntakeSource, call: Call) -> TakenIn:
    """Store the events of a proven call; one outcome an event. Commits."""
    kind = source.kind
    facts = {
        "topic": call.headers.get(signatures.TOPICS.get(kind, "").lower(), ""),
        "delivery": call.headers.get(signatures.DELIVERIES.get(kind, "").lower(), ""),
        "body": as_json(call.body),
    }
    found = reading.found(sources.mapping_of(source), facts)
    return persisting(session, lambda: _store(session, source, found, call.at))


def _store(
    session: Session, source: IntakeSource, found: Sequence[Found], now: datetime
) -> TakenIn:
    where = Where(source.workspace_id, sources.event_source(source))
    refused = [one.error for one in found if one.error is not None]
    good = [one for one in found if one.error is None]
    left_out: list[Refused] = []

    def store(items: Sequence[dict[str, Any]]) -> list[EventResult]:
        results, without = ingest_leniently(session, where.workspace_id, items, now, where.source)
        left_out.extend(without)
        return results

    taken = take_in(session, where, good, now, store)
    outcomes = [
        *taken.outcomes,
        *(EventResult(id=None, status="error", error=error) for error in refused),
    ]
    told = [one for one in (*outcomes, *taken.waited) if isinstance(one, EventResult)]
    refusals.keep(session, *where, left_out + refusals.of_results(told), now)
    if source.taken_at is None or source.taken_at < now - NOTED:
        source.taken_at = now
    session.commit()
    return TakenIn(outcomes, taken.waited)


def ingest_leniently(
    session: Session,
    workspace_id: int,
    items: Sequence[dict[str, Any]],
    now: datetime,
    source: str,
) -> tuple[list[EventResult], list[Refused]]:
    """Store events; an unreadable phone, address, locale or zone is left out, and told.

    Nobody reads what a shop's webhook is answered: an order isn't lost for a mistyped phone.
    """
    left_out: list[Refused] = []
    pending = list(items)
    results: dict[int, EventResult] = {}
    for _ in range(len(OPTIONAL) + 1):
        places = [place for place in range(len(pending)) if place not in results]
        if not places:
            break
        again = [pending[place] for place in places]
        for place, result in zip(
            places, ingest(session, workspace_id, again, now, source, prefix=""), strict=True
        ):
            name = _optional(result.error)
            if name is None or result.error is None:
                results[place] = result
                continue
            left_out.append(Refused(result.id, _told(result.error)))
            customer = {k: v for k, v in pending[place]["customer"].items() if k != name}
            pending[place] = {**pending[place], "customer": customer}
    return [results[place] for place in sorted(results)], left_out


def _optional(error: FieldError | None) -> str | None:
    name = (error.field if error else None) or ""
    return next((one for one in OPTIONAL if name == f"customer.{one}"), None)


def _told(error: FieldError) -> FieldError:
    return error.model_copy(update={"message": f"{error.message}; it was left out"})
