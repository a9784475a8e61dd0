"""Triggers: an event becomes invitations, each once per (trigger, event)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert
from sqlalchemy.orm import Session

from models.invitation import Decision, Invitation
from models.status import InvitationStatus
from surveys.aimed import Aimed, aimed, at_hour
from surveys.channels.links import new_token
from surveys.contexts import FiredCustomer, FiredEvent
from surveys.eligibility_facts import Facts, Rule
from surveys.matching import Happening, set_off
from surveys.schedule import expires_at
from surveys.timing import NoDate, Times, times
from surveys.trials import Trial, on_trial_among, running, way_for
from surveys.trigger_rows import triggers_of
from surveys.upsert import insert_into

Pair = tuple[FiredEvent, FiredCustomer]
Values = dict[str, Any]


def fire(session: Session, event: FiredEvent, customer: FiredCustomer, now: datetime) -> list[int]:
    """Schedule an invitation for every trigger that this event sets off; their ids.

    A trigger that already fired on this event adds nothing. Flushes nothing but its own
    INSERT and commits nothing: the caller's transaction holds the event and this together.
    """
    return fire_many(session, event.workspace_id, [(event, customer)], now)


def fire_many(
    session: Session, workspace_id: int, pairs: Sequence[Pair], now: datetime
) -> list[int]:
    """The same for many events of one workspace, in two statements whatever their number.

    A third only keeps why some have no date to count from.
    """
    triggers = triggers_of(session, workspace_id, {event.name for event, _ in pairs})
    if not triggers:
        return []
    trials = running(session, on_trial_among(triggers.values()))
    rows = [
        row
        for event, customer in pairs
        for trigger, seen in set_off(triggers.get(event.name, ()), event, customer)
        for row in asked_for(trigger, trials.get(trigger.id), event, customer, seen, now)
    ]
    return _insert(session, rows, now)


def _insert(session: Session, rows: list[Values], now: datetime) -> list[int]:
    """The ids of those that wait; what has no date is kept with its reason, and never sent."""
    if not rows:
        return []
    statement = insert_into(session, Invitation).on_conflict_do_nothing(
        index_elements=["trigger_id", "event_id"]
    )
    why = {(row["trigger_id"], row["event_id"]): row.pop("why") for row in rows}
    made = session.execute(
        statement.returning(Invitation.id, Invitation.trigger_id, Invitation.event_id), rows
    ).all()
    by_key = {(row["trigger_id"], row["event_id"]): row for row in rows}
    dateless = [
        _decision(row.id, by_key[row.trigger_id, row.event_id], reason, now)
        for row in made
        if (reason := why[row.trigger_id, row.event_id])
    ]
    if dateless:
        session.execute(insert(Decision), dateless)
    return [row.id for row in made if not why[row.trigger_id, row.event_id]]


def _decision(invitation_id: int, row: Values, reason: str, now: datetime) -> Values:
    facts = Facts(row["channel"], row["due_at"], row["expires_at"])
    return {
        "workspace_id": row["workspace_id"],
        "invitation_id": invitation_id,
        "outcome": "refuse",
        "rule": Rule.NO_DATE.value,
        "detail": reason,
        "facts": facts.to_json(),
        "decided_at": now,
    }


def asked_for(
    trigger: Row[Any],
    trial: Trial | None,
    event: FiredEvent,
    customer: FiredCustomer,
    facts: Happening,
    now: datetime,
) -> Iterator[Values]:
    """The row that a trigger whose filter holds asks for, if it is not too late.

    Writes nothing; `why` says why there is no date to count from.
    """
    way = way_for(trial, event.workspace_id, customer.external_id) if trial else None
    how, zone = aimed(trigger, way), customer.timezone or trigger.timezone
    found = times(how, event.occurred_at, facts, zone)
    why = found.why if isinstance(found, NoDate) else None
    planned = _without_date(trigger, event) if isinstance(found, NoDate) else found
    planned = Times(at_hour(planned.due, how.hour, zone), planned.expires)
    if planned.expires > now:
        row = {"trigger_id": trigger.id, **_invitation(how, event, customer, planned, now)}
        yield {**row, **_fate(why)}


def _without_date(trigger: Row[Any], event: FiredEvent) -> Times:
    """Told of only as long as the event is news: an import of history leaves no trace of it."""
    lasts = timedelta(seconds=trigger.expires_seconds)
    return Times(event.occurred_at, expires_at(event.occurred_at, lasts))


def _fate(why: str | None) -> Values:
    if why is None:
        return {"status": InvitationStatus.SCHEDULED.value, "rule": None, "why": None}
    return {"status": InvitationStatus.SUPPRESSED.value, "rule": Rule.NO_DATE.value, "why": why}


def _invitation(
    how: Aimed,
    event: FiredEvent,
    customer: FiredCustomer,
    found: Times,
    now: datetime,
) -> Values:
    """The row to insert; an event heard of late is not asked about in the past."""
    return {
        "workspace_id": event.workspace_id,
        "event_id": event.id,
        "customer_id": customer.id,
        "survey_id": how.survey_id,
        "version_id": how.version_id,
        "touchpoint_id": event.touchpoint_id,
        "channel": how.channel,
        "other_channels": how.other_channels,
        "variant_id": how.variant_id,
        "token": new_token(),
        "due_at": max(found.due, now),
        "expires_at": found.expires,
        "status_at": now,
        "created_at": now,
    }
