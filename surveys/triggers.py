"""Triggers: an event becomes invitations, each once per (trigger, event)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from models.invitation import Invitation
from models.status import InvitationStatus
from models.survey import SurveyVersion, Trigger
from surveys.channels.links import new_token
from surveys.conditions import Filter, matches, parse_filter
from surveys.contexts import FiredCustomer, FiredEvent, customer_facts, event_facts
from surveys.schedule import due_at, expires_at
from surveys.upsert import insert_into

Pair = tuple[FiredEvent, FiredCustomer]


def fire(session: Session, event: FiredEvent, customer: FiredCustomer, now: datetime) -> list[int]:
    """Schedule an invitation for every trigger that this event sets off; their ids.

    A trigger that already fired on this event adds nothing. Flushes nothing but its own
    INSERT and commits nothing: the caller's transaction holds the event and this together.
    """
    return fire_many(session, event.workspace_id, [(event, customer)], now)


def fire_many(
    session: Session, workspace_id: int, pairs: Sequence[Pair], now: datetime
) -> list[int]:
    """The same for many events of one workspace, in two statements whatever their number."""
    triggers = _triggers(session, workspace_id, {event.name for event, _ in pairs})
    if not triggers:
        return []
    rows = [
        _invitation(trigger, event, customer, now)
        for event, customer in pairs
        for trigger in triggers.get(event.name, ())
        if _window(trigger, event)[1] > now and _sets_off(trigger.filter, event, customer)
    ]
    return _insert(session, rows)


def _insert(session: Session, rows: list[dict[str, Any]]) -> list[int]:
    if not rows:
        return []
    statement = insert_into(session, Invitation).on_conflict_do_nothing(
        index_elements=["trigger_id", "event_id"]
    )
    return list(session.scalars(statement.returning(Invitation.id), rows))


_LATEST = (
    select(func.max(SurveyVersion.number))
    .where(SurveyVersion.survey_id == Trigger.survey_id)
    .correlate(Trigger)
    .scalar_subquery()
)
_TRIGGERS = (
    select(
        Trigger.id,
        Trigger.event_name,
        Trigger.survey_id,
        Trigger.channel,
        Trigger.delay_seconds,
        Trigger.expires_seconds,
        Trigger.filter,
        SurveyVersion.id.label("version_id"),
    )
    .join(SurveyVersion, SurveyVersion.survey_id == Trigger.survey_id)
    .where(Trigger.enabled, SurveyVersion.number == _LATEST)
    .order_by(Trigger.id)
)


def _triggers(
    session: Session, workspace_id: int, names: Iterable[str]
) -> Mapping[str, list[Row[Any]]]:
    """The enabled triggers of these event names, with the version each would ask."""
    wanted = _TRIGGERS.where(
        Trigger.workspace_id == workspace_id, Trigger.event_name.in_(sorted(names))
    )
    by_name: dict[str, list[Row[Any]]] = {}
    for row in session.execute(wanted):
        by_name.setdefault(row.event_name, []).append(row)
    return by_name


def _sets_off(
    condition: Mapping[str, Any] | None, event: FiredEvent, customer: FiredCustomer
) -> bool:
    """Whether the trigger's filter holds; it may name bare event properties too."""
    if not condition:
        return True
    named = {"event": event_facts(event), "customer": customer_facts(customer)}
    facts = {**event.properties, **named}
    return matches(_parsed(json.dumps(condition, sort_keys=True)), facts)


@lru_cache(maxsize=1024)
def _parsed(condition: str) -> Filter:
    return parse_filter(json.loads(condition))


def _window(trigger: Row[Any], event: FiredEvent) -> tuple[datetime, datetime]:
    """When it is time to ask about an event, and when it is too late."""
    due = due_at(event.occurred_at, timedelta(seconds=trigger.delay_seconds))
    return due, expires_at(due, timedelta(seconds=trigger.expires_seconds))


def _invitation(
    trigger: Row[Any], event: FiredEvent, customer: FiredCustomer, now: datetime
) -> dict[str, Any]:
    """The row to insert; an event heard of late is not asked about in the past."""
    planned, expires = _window(trigger, event)
    return {
        "workspace_id": event.workspace_id,
        "trigger_id": trigger.id,
        "event_id": event.id,
        "customer_id": customer.id,
        "survey_id": trigger.survey_id,
        "version_id": trigger.version_id,
        "touchpoint_id": event.touchpoint_id,
        "channel": trigger.channel,
        "token": new_token(),
        "status": InvitationStatus.SCHEDULED.value,
        "due_at": max(planned, now),
        "expires_at": expires,
        "status_at": now,
        "created_at": now,
    }
