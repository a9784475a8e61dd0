"""Invitations: made by hand, and decided on when they are due."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.customer import Customer
from models.errors import InvalidInput, NotFound
from models.invitation import Invitation
from models.status import InvitationStatus, move
from models.survey import CHANNELS, Survey
from models.workspace import Workspace
from surveys.channels.links import new_token
from surveys.considering import Setting, consider
from surveys.rules import Rule
from surveys.versions import current_version

LASTS = timedelta(days=7)


def invite(
    session: Session,
    workspace: Workspace,
    survey_key: str,
    customer_external_id: str,
    channel: str,
    now: datetime,
) -> Invitation:
    """One invitation by hand, due at once and good for a week; the caller commits.

    One for the web is decided on here and now, so that its link is live. NotFound when the
    survey or the customer isn't there, InvalidInput for another channel.
    """
    if channel not in CHANNELS:
        mend = f"Use one of {', '.join(CHANNELS)}."
        raise InvalidInput(f"{channel!r} is no channel", field="channel", mend=mend)
    survey = _survey(session, workspace.id, survey_key)
    customer = _customer(session, workspace.id, customer_external_id)
    invitation = Invitation(
        workspace_id=workspace.id,
        customer_id=customer.id,
        survey_id=survey.id,
        version_id=current_version(session, survey.id).id,
        channel=channel,
        token=new_token(),
        status=InvitationStatus.SCHEDULED.value,
        due_at=now,
        expires_at=now + LASTS,
        status_at=now,
        created_at=now,
    )
    session.add(invitation)
    session.flush()
    if channel == "web":
        consider(session, invitation, now, Setting())
    return invitation


def _survey(session: Session, workspace_id: int, key: str) -> Survey:
    wanted = select(Survey).where(Survey.workspace_id == workspace_id, Survey.key == key)
    survey = session.scalars(wanted).one_or_none()
    if survey is None:
        mend = "Use the key of one of the workspace's surveys."
        raise NotFound(f"there is no survey {key!r}", field="survey", mend=mend)
    return survey


def _customer(session: Session, workspace_id: int, external_id: str) -> Customer:
    wanted = select(Customer).where(
        Customer.workspace_id == workspace_id, Customer.external_id == external_id
    )
    customer = session.scalars(wanted).one_or_none()
    if customer is None:
        mend = "Use the id that came with the customer's events."
        raise NotFound(f"there is no customer {external_id!r}", field="customer", mend=mend)
    return customer


def wait(session: Session, invitation_id: int, until: datetime, now: datetime) -> None:
    """Put a decision off: back to scheduled, due later."""
    values = {"due_at": until, "claimed_until": None}
    if not move(
        session, Invitation, invitation_id, InvitationStatus.SCHEDULED, status_at=now, **values
    ):
        scheduled = Invitation.status == InvitationStatus.SCHEDULED.value
        session.execute(
            update(Invitation).where(Invitation.id == invitation_id, scheduled).values(**values)
        )


def suppress(session: Session, invitation_id: int, rule: str, now: datetime) -> bool:
    """Never send it, and say by which rule; what only came too late is `expired`."""
    late = rule == Rule.EXPIRED.value
    to = InvitationStatus.EXPIRED if late else InvitationStatus.SUPPRESSED
    values = {"rule": rule, "status_at": now, "claimed_until": None}
    return move(session, Invitation, invitation_id, to, **values)
