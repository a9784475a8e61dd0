"""What appointments read of triggers and customers, in few statements of known size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, true, tuple_
from sqlalchemy.orm import Session

from models.customer import Customer
from models.survey import Appointment, Survey, SurveyVersion, Trigger
from models.workspace import Workspace
from surveys.appointment_times import Rule, Turn, Whom, next_turn
from surveys.conditions import holds
from surveys.contexts import CustomerRow, customer_facts


@dataclass(frozen=True)
class Planned:
    """A trigger that asks by appointment, with what its invitations need."""

    rule: Rule
    workspace_id: int
    survey_id: int
    version_id: int
    channel: str
    other_channels: str | None
    filter: dict[str, Any] | None
    timezone: str
    seen_at: datetime | None
    seen_id: int
    seen_all: bool


_LATEST = (
    select(func.max(SurveyVersion.number))
    .where(SurveyVersion.survey_id == Trigger.survey_id)
    .correlate(Trigger)
    .scalar_subquery()
)
_RULE = (Trigger.id, Trigger.kind, Trigger.delay_seconds, Trigger.expires_seconds, Trigger.timing)
_OTHERS = (
    *(Trigger.workspace_id, Trigger.survey_id, SurveyVersion.id.label("version_id")),
    *(Trigger.channel, Trigger.other_channels, Trigger.filter, Workspace.timezone),
    *(Trigger.seen_at, Trigger.seen_id, Trigger.seen_all),
)


def running() -> ColumnElement[bool]:
    """Triggers that ask by appointment, and do so now."""
    at_work = or_(Trigger.state.is_(None), Trigger.state == "running")
    return and_(Trigger.kind != "event", Trigger.enabled == true(), at_work)


def planned(session: Session, trigger_id: int | None = None) -> list[Planned]:
    """The triggers at work (or this one, at work or not), the one seen longest ago first."""
    wanted = running() if trigger_id is None else Trigger.id == trigger_id
    rows = session.execute(
        select(*_RULE, *_OTHERS)
        .join(Survey, Survey.id == Trigger.survey_id)
        .join(SurveyVersion, SurveyVersion.survey_id == Trigger.survey_id)
        .join(Workspace, Workspace.id == Trigger.workspace_id)
        .where(wanted, SurveyVersion.number == _LATEST)
        .order_by(Trigger.id)
    )
    return [Planned(Rule(*row[: len(_RULE)]), *row[len(_RULE) :]) for row in rows]


CUSTOMER = (
    *(Customer.id, Customer.external_id, Customer.locale, Customer.timezone),
    *(Customer.attributes, Customer.created_at, Customer.updated_at),
)


def unseen(trigger: Planned, until: datetime) -> Select[Any]:
    """The customers that changed since they were looked at, in order; no limit yet."""
    changed = select(*CUSTOMER).where(
        Customer.workspace_id == trigger.workspace_id, Customer.updated_at <= until
    )
    if trigger.seen_at is not None:
        since = tuple_(trigger.seen_at, trigger.seen_id, types=[*_KEYS])
        changed = changed.where(tuple_(Customer.updated_at, Customer.id) > since)
    return changed.order_by(Customer.updated_at, Customer.id)


_KEYS = (Customer.updated_at.type, Customer.id.type)


def _whom(row: Row[Any], trigger: Planned) -> Whom:
    """A customer's row as a trigger's times and filter know it."""
    known = customer_facts(CustomerRow(row.external_id, row.locale, row.timezone, row.attributes))
    zone = row.timezone or trigger.timezone
    return Whom(row.id, row.created_at, zone, {**known, "customer": known})


def due(session: Session, trigger: Planned, now: datetime, limit: int) -> Sequence[Row[Any]]:
    """A trigger's appointments whose time has come, with their customers; held until the commit."""
    return session.execute(
        select(Appointment.id.label("appointment"), Appointment.due_at, *CUSTOMER)
        .join(Customer, Customer.id == Appointment.customer_id)
        .where(Appointment.trigger_id == trigger.rule.id, Appointment.due_at <= now)
        .order_by(Appointment.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Appointment)
    ).all()


def turn_of(trigger: Planned, row: Row[Any], after: datetime) -> Turn | None:
    """The customer's next turn after a moment; None where the filter leaves them out too."""
    return next_turn(trigger.rule, _whom(row, trigger), after) if matching(trigger, row) else None


def matching(trigger: Planned, row: Row[Any]) -> bool:
    """Whether the trigger's filter takes a customer."""
    return not trigger.filter or holds(trigger.filter, _whom(row, trigger).facts)
