"""What the tables know of invitations and their customers, read for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from models.customer import Customer
from models.invitation import Invitation
from models.response import Answer, Response
from models.status import InvitationStatus, ResponseStatus
from models.survey import Survey, Trigger
from models.workspace import Workspace

Found: TypeAlias = Row[*tuple[Any, ...]]
YEAR = timedelta(days=365)

_ANSWERED = exists().where(
    Response.invitation_id == Invitation.id,
    Response.status == ResponseStatus.COMPLETED.value,
)
_COLUMNS = (
    Invitation.id,
    Invitation.workspace_id,
    Invitation.customer_id,
    Invitation.survey_id,
    Invitation.trigger_id,
    Invitation.event_id,
    Invitation.variant_id,
    Invitation.channel,
    Invitation.other_channels,
    Invitation.due_at,
    Invitation.expires_at,
    Customer.external_id,
    Customer.phone,
    Customer.email,
    Customer.locale,
    Customer.timezone,
    Customer.attributes,
    Customer.is_test,
    Workspace.sender,
    Workspace.whatsapp_sender,
    Workspace.quarantine_days,
    Workspace.timezone.label("home_zone"),
    Workspace.default_region.label("home_country"),
    Workspace.contact_rules,
    Survey.key.label("survey_key"),
    Survey.kind,
    Survey.worth,
    Survey.enabled.label("survey_enabled"),
    Survey.quarantine_days.label("survey_quarantine_days"),
    Survey.contact_rules.label("survey_rules"),
    Trigger.enabled.label("trigger_enabled"),
    Trigger.sample,
    Trigger.sample_salt,
    Trigger.window,
    Trigger.timing,
    Trigger.unless,
    _ANSWERED.label("already_answered"),
)
_WHOLE: Select[*tuple[Any, ...]] = (
    select(*_COLUMNS)
    .join(Customer, Customer.id == Invitation.customer_id)
    .join(Workspace, Workspace.id == Invitation.workspace_id)
    .join(Survey, Survey.id == Invitation.survey_id)
    .outerjoin(Trigger, Trigger.id == Invitation.trigger_id)
)
_CLAIMED = and_(
    Invitation.status == InvitationStatus.SENDING.value, Invitation.claimed_until.is_not(None)
)
_WAITS = or_(Invitation.status == InvitationStatus.SCHEDULED.value, _CLAIMED)
# What is on its way counts as asked; what a worker only looks at doesn't, nor what failed.
_ON_ITS_WAY = and_(
    Invitation.status.in_((InvitationStatus.SENDING.value, InvitationStatus.UNKNOWN.value)),
    Invitation.claimed_until.is_(None),
)
ASKED_AT = func.coalesce(Invitation.sent_at, Invitation.status_at, type_=Invitation.sent_at.type)
ASKED: ColumnElement[bool] = and_(
    Invitation.status != InvitationStatus.FAILED.value,
    or_(Invitation.sent_at.is_not(None), _ON_ITS_WAY),
)


def invitations(session: Session, ids: Collection[int], claimed: bool) -> list[Found]:
    """Those of these invitations that wait to be asked, held until the transaction ends.

    With `claimed`, only those that a worker has taken.

    What another transaction holds is left out: whoever waits for it must hold nothing.
    """
    waits = _CLAIMED if claimed else _WAITS
    waiting = _WHOLE.where(Invitation.id.in_(ids), waits).order_by(Invitation.id)
    held = waiting.with_for_update(of=Invitation, skip_locked=True)
    return list(session.execute(held))


def rivals(session: Session, asked: Sequence[Found]) -> Mapping[int, list[Found]]:
    """By customer, what else waits to be asked of these customers by enabled surveys of worth."""
    least = min((row.worth for row in asked), default=0)
    waiting = _WHOLE.where(
        Invitation.customer_id.in_({row.customer_id for row in asked}),
        _WAITS,
        Survey.enabled,
        Survey.worth > least,
    )
    return _by_customer(session.execute(waiting))


def histories(
    session: Session, customers: Collection[int], but: Collection[int], now: datetime
) -> Mapping[int, list[Found]]:
    """By customer, survey and channel: when they were asked last, how often this year, since when.

    `began` and `times` speak of the last 365 days. Invitations in `but` don't count.
    """
    this_year = now - YEAR < ASKED_AT
    asked = (
        select(
            Invitation.customer_id,
            Invitation.survey_id,
            Invitation.channel,
            Survey.kind,
            func.max(ASKED_AT, type_=ASKED_AT.type).label("last"),
            func.count().filter(this_year).label("times"),
            func.min(ASKED_AT, type_=ASKED_AT.type).filter(this_year).label("began"),
        )
        .join(Survey, Survey.id == Invitation.survey_id)
        .where(Invitation.customer_id.in_(customers), Invitation.id.not_in(but), ASKED)
        .group_by(Invitation.customer_id, Invitation.survey_id, Invitation.channel, Survey.kind)
    )
    return _by_customer(session.execute(asked))


SAID = exists().where(Answer.response_id == Response.id)
SAID_AT = func.coalesce(
    Response.completed_at, Response.updated_at, type_=Response.completed_at.type
)


def answers(session: Session, customers: Collection[int]) -> Mapping[int, list[Found]]:
    """By customer, survey and channel: when they answered last, wholly or in part."""
    said = (
        select(
            Response.customer_id,
            Response.survey_id,
            Response.channel,
            Survey.kind,
            func.max(SAID_AT, type_=SAID_AT.type).label("last"),
        )
        .join(Survey, Survey.id == Response.survey_id)
        .where(Response.customer_id.in_(customers), SAID)
        .group_by(Response.customer_id, Response.survey_id, Response.channel, Survey.kind)
    )
    return _by_customer(session.execute(said))


def _by_customer(rows: Any) -> Mapping[int, list[Found]]:
    found: dict[int, list[Found]] = defaultdict(list)
    for row in rows:
        found[row.customer_id].append(row)
    return found
