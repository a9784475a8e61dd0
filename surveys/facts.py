"""The facts an eligibility decision needs, gathered in a few small queries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.customer import Customer
from models.invitation import Invitation
from models.response import Response
from models.status import ConversationStatus, InvitationStatus, ResponseStatus
from models.survey import Survey, Trigger
from models.workspace import Workspace
from surveys import consent, suppressions
from surveys.channels.addresses import EMAIL, MAIL_SENDER, plain_mail
from surveys.eligibility_facts import RECHECK, Consent, Facts
from surveys.held import held_until
from surveys.schedule import zone_of
from surveys.unless import called_off
from surveys.windows import opens_at, read_window

_ADDRESSED = (consent.SMS, EMAIL)
_ANSWERED = exists().where(
    Response.invitation_id == bindparam("invitation"),
    Response.status == ResponseStatus.COMPLETED.value,
)
_WHO_AND_WHAT = (
    select(
        Customer.phone,
        Customer.email,
        Customer.is_test,
        Workspace.quarantine_days,
        Survey.quarantine_days.label("survey_quarantine_days"),
        Survey.enabled.label("survey_enabled"),
        Trigger.enabled.label("trigger_enabled"),
        Trigger.window,
        Trigger.unless,
        func.coalesce(Customer.timezone, Workspace.timezone).label("zone"),
        _ANSWERED.label("already_answered"),
    )
    .join(Workspace, Workspace.id == Customer.workspace_id)
    .join(Survey, Survey.id == bindparam("survey"))
    .outerjoin(Trigger, Trigger.id == bindparam("trigger"))
    .where(Customer.id == bindparam("customer"))
)

# What is on its way counts as asked; what a worker only looks at doesn't, nor what failed.
_ON_ITS_WAY = and_(
    Invitation.status.in_((InvitationStatus.SENDING.value, InvitationStatus.UNKNOWN.value)),
    Invitation.claimed_until.is_(None),
)
_ASKED_AT = func.coalesce(Invitation.sent_at, Invitation.status_at, type_=Invitation.sent_at.type)
_LATEST = func.max(_ASKED_AT, type_=_ASKED_AT.type)
_LAST_INVITED = select(
    _LATEST.label("overall"),
    _LATEST.filter(Invitation.survey_id == bindparam("survey")).label("same_survey"),
).where(
    Invitation.customer_id == bindparam("customer"),
    Invitation.id != bindparam("invitation"),
    Invitation.status != InvitationStatus.FAILED.value,
    or_(Invitation.sent_at.is_not(None), _ON_ITS_WAY),
)

_OPEN_UNTIL = select(Conversation.expires_at).where(
    Conversation.workspace_id == bindparam("workspace"),
    Conversation.sender == bindparam("sender"),
    Conversation.address == bindparam("address"),
    Conversation.status == ConversationStatus.OPEN.value,
    Conversation.invitation_id != bindparam("invitation"),
)


def gather(session: Session, invitation: Invitation, sender: str, now: datetime) -> Facts:
    """Everything `surveys.eligibility.decide` wants to know of an invitation now."""
    about = {
        "invitation": invitation.id,
        "customer": invitation.customer_id,
        "survey": invitation.survey_id,
    }
    row = session.execute(_WHO_AND_WHAT, {**about, "trigger": invitation.trigger_id}).one()
    last = session.execute(_LAST_INVITED, about).one()
    days, survey_days = _quarantine(invitation, row)
    address = _address(invitation, row)
    return Facts(
        channel=invitation.channel,
        due_at=invitation.due_at,
        expires_at=invitation.expires_at,
        consent=_consent(session, invitation, address, sender),
        has_address=invitation.channel not in _ADDRESSED or bool(address),
        unreachable=_unreachable(session, invitation, address, now),
        customer_is_test=row.is_test,
        survey_enabled=row.survey_enabled,
        trigger_enabled=row.trigger_enabled is not False,
        already_answered=row.already_answered,
        last_invited_at=last.overall,
        last_invited_survey_at=last.same_survey,
        quarantine_days=days,
        survey_quarantine_days=survey_days,
        outranked_by=_outranked_by(session, invitation, now),
        called_off=called_off(session, [invitation.id], now).get(invitation.id)
        if row.unless
        else None,
        window_opens_at=_opens_at(row, now),
        open_conversation_until=_open_until(session, invitation, row.phone, sender),
    )


def _opens_at(row: Row[*tuple[Any, ...]], now: datetime) -> datetime | None:
    window = read_window(row.window)
    return opens_at(window, now, zone_of(row.zone)) if window else None


def _quarantine(invitation: Invitation, row: Row[*tuple[Any, ...]]) -> tuple[float, float]:
    """Days of rest, overall and for the survey.

    A link that somebody of the team made by hand is handed over by them: nobody is disturbed
    by us, so that there is nothing to rest from.
    """
    if invitation.channel == "web" and invitation.trigger_id is None:
        return 0.0, 0.0
    return row.quarantine_days, row.survey_quarantine_days


def _address(invitation: Invitation, row: Row[*tuple[Any, ...]]) -> str | None:
    """Where the customer is written to by the invitation's channel."""
    if invitation.channel == EMAIL:
        return plain_mail(row.email) if row.email else None
    phone: str | None = row.phone
    return phone


def _consent(session: Session, invitation: Invitation, address: str | None, sender: str) -> Consent:
    if invitation.channel not in _ADDRESSED or not address:
        return Consent.NONE
    by = MAIL_SENDER if invitation.channel == EMAIL else sender
    return consent.state_of(session, invitation.workspace_id, address, by, invitation.channel)


def _unreachable(
    session: Session, invitation: Invitation, address: str | None, now: datetime
) -> str | None:
    if invitation.channel not in _ADDRESSED or not address:
        return None
    return suppressions.code_of(session, invitation.workspace_id, address, now)


_MINE = select(Survey.worth).where(Survey.id == bindparam("survey")).scalar_subquery()
_WORTHIER = (
    select(Survey.key)
    .join(Invitation, Invitation.survey_id == Survey.id)
    .where(
        Invitation.customer_id == bindparam("customer"),
        Invitation.channel == consent.SMS,
        Invitation.status.in_((InvitationStatus.SCHEDULED.value, InvitationStatus.SENDING.value)),
        Invitation.due_at <= bindparam("soon", type_=Invitation.due_at.type),
        Invitation.expires_at > bindparam("soon", type_=Invitation.due_at.type),
        Survey.enabled,
        Survey.worth > _MINE,
    )
    .order_by(Survey.worth.desc())
    .limit(1)
)


def _outranked_by(session: Session, invitation: Invitation, now: datetime) -> str | None:
    """The worthiest other survey that is to be asked of the customer in the next minutes."""
    if invitation.channel != consent.SMS:
        return None
    about = {"customer": invitation.customer_id, "survey": invitation.survey_id}
    return session.scalar(_WORTHIER, {**about, "soon": now + RECHECK})


def _open_until(
    session: Session, invitation: Invitation, phone: str | None, sender: str
) -> datetime | None:
    if invitation.channel != consent.SMS or not phone:
        return None
    about = {
        "workspace": invitation.workspace_id,
        "sender": sender,
        "address": phone,
        "invitation": invitation.id,
    }
    by_person = held_until(session, invitation.workspace_id, sender, phone)
    return by_person or session.scalar(_OPEN_UNTIL, about)
