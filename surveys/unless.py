"""What calls an invitation off before it is sent: a refund meanwhile, an answer elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from models.event import Event
from models.invitation import Invitation
from models.response import Response
from models.status import ResponseStatus
from models.survey import Survey, Trigger
from surveys.conditions import holds
from surveys.contexts import EventRow, event_facts
from surveys.eligibility_facts import moment
from surveys.wording import lookup

EARLIEST = timedelta(days=400)


@dataclass(frozen=True)
class Held:
    """An invitation whose trigger names what calls it off; `since` is its event's time."""

    id: int
    customer_id: int
    event_id: int | None
    unless: Sequence[Mapping[str, Any]]
    since: datetime
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Happened:
    """An event of the customer's, or an answer, which has no properties."""

    id: int
    name: str
    occurred_at: datetime
    properties: dict[str, Any]


def called_off(session: Session, invitations: Sequence[int], now: datetime) -> dict[int, str]:
    """Why each of these invitations is not to be sent any more, in words; three queries at most.

    What counts is when things happened, not when they were heard of: between the invitation's
    event and now, or within the time that the trigger says.
    """
    waiting = _waiting(session, invitations) if invitations else []
    if not waiting:
        return {}
    happened = _happened(session, waiting, now)
    answered = _answered(session, waiting, now)
    found = (
        (one.id, reason_of(one, happened[one.customer_id], answered[one.customer_id], now))
        for one in waiting
    )
    return {number: reason for number, reason in found if reason}


def _waiting(session: Session, invitations: Sequence[int]) -> list[Held]:
    rows = session.execute(
        select(
            Invitation.id,
            Invitation.customer_id,
            Invitation.event_id,
            Trigger.unless,
            Invitation.created_at,
            Event.occurred_at,
            Event.properties,
        )
        .join(Trigger, Trigger.id == Invitation.trigger_id)
        .outerjoin(Event, Event.id == Invitation.event_id)
        .where(Invitation.id.in_(invitations), Trigger.unless.is_not(None))
    )
    return [
        Held(
            row.id,
            row.customer_id,
            row.event_id,
            row.unless,
            row.occurred_at or row.created_at,
            row.properties or {},
        )
        for row in rows
    ]


def _since(one: Held, rule: Mapping[str, Any], now: datetime) -> datetime:
    within = rule.get("within_seconds")
    return now - timedelta(seconds=within) if within else one.since


def _start(waiting: Iterable[Held], now: datetime) -> datetime:
    earliest = min(_since(one, rule, now) for one in waiting for rule in one.unless)
    return max(earliest, now - EARLIEST)


def _happened(
    session: Session, waiting: Sequence[Held], now: datetime
) -> Mapping[int, list[Happened]]:
    names = {rule["event"] for one in waiting for rule in one.unless if "event" in rule}
    found: dict[int, list[Happened]] = defaultdict(list)
    if not names:
        return found
    rows: Iterable[Row[Any]] = session.execute(
        select(Event.customer_id, Event.id, Event.name, Event.occurred_at, Event.properties).where(
            Event.customer_id.in_({one.customer_id for one in waiting}),
            Event.occurred_at >= _start(waiting, now),
            Event.occurred_at <= now,
            Event.name.in_(names),
        )
    )
    for row in rows:
        event = Happened(row.id, row.name, row.occurred_at, row.properties)
        found[row.customer_id].append(event)
    return found


def _answered(
    session: Session, waiting: Sequence[Held], now: datetime
) -> Mapping[int, list[Happened]]:
    keys = {rule["answered"] for one in waiting for rule in one.unless if "answered" in rule}
    found: dict[int, list[Happened]] = defaultdict(list)
    if not keys:
        return found
    rows: Iterable[Row[Any]] = session.execute(
        select(Response.customer_id, Response.id, Survey.key, Response.completed_at)
        .join(Survey, Survey.id == Response.survey_id)
        .where(
            Response.customer_id.in_({one.customer_id for one in waiting}),
            Response.status == ResponseStatus.COMPLETED.value,
            Response.completed_at >= _start(waiting, now),
            Survey.key.in_(keys),
        )
    )
    for row in rows:
        found[row.customer_id].append(Happened(row.id, row.key, row.completed_at, {}))
    return found


def reason_of(
    one: Held, events: Sequence[Happened], answers: Sequence[Happened], now: datetime
) -> str | None:
    """What calls it off of what happened until now, in words; None where nothing does."""
    for rule in one.unless:
        since = _since(one, rule, now)
        if "answered" in rule:
            for answer in answers:
                if answer.name == rule["answered"] and answer.occurred_at >= since:
                    return f"{answer.name!r} was answered {moment(answer.occurred_at)}"
            continue
        for event in events:
            if event.occurred_at >= since and _meets(one, rule, event):
                return f"{event.name!r} happened {moment(event.occurred_at)}"
    return None


def _meets(one: Held, rule: Mapping[str, Any], event: Happened) -> bool:
    """Whether an event is of the kind that the rule names; never the invitation's own event."""
    if event.name != rule["event"] or event.id == one.event_id:
        return False
    for path in rule.get("same", ()):
        mine = lookup(one.properties, path)
        if mine is None or str(mine) != str(lookup(event.properties, path)):
            return False
    condition = rule.get("filter")
    if not condition:
        return True
    row = EventRow(event.name, event.occurred_at, event.properties)
    return holds(condition, {**event.properties, "event": event_facts(row)})
