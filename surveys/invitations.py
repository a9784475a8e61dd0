"""Invitations: made by hand, and decided on when they are due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import invitation as tables
from models.customer import Customer
from models.errors import InvalidInput, NotFound
from models.invitation import Invitation
from models.status import InvitationStatus, move
from models.survey import CHANNELS, Survey
from models.workspace import Workspace
from surveys import channel_choice
from surveys.channels.links import new_token
from surveys.eligibility import Ask, Decision, Facts, Refuse, Rule, Wait, decide
from surveys.facts import gather
from surveys.locking import lock
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
        consider(session, invitation, now, "")
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


def consider(session: Session, invitation: Invitation, now: datetime, sender: str) -> Decision:
    """Decide whether to ask now, store the decision, and apply a refusal or a wait.

    `sender` is the number that an SMS would leave from. Holds the customer's row, so that two
    workers can't each find that nobody asked this customer yet. An Ask changes nothing but
    a web invitation, whose link is live from now on: it counts as sent. A refusal of one channel
    is stored, and the next channel decided on.
    """
    lock(session, Customer, invitation.customer_id)
    facts = gather(session, invitation, sender, now)
    decision = decide(facts, now)
    _store(session, invitation, decision, facts, now)
    if channel_choice.goes_on(session, invitation, decision):
        return consider(session, invitation, now, sender)
    _apply(session, invitation, decision, now)
    return decision


def _apply(session: Session, invitation: Invitation, decision: Decision, now: datetime) -> None:
    if isinstance(decision, Ask):
        if invitation.channel == "web":
            values = {"sent_at": now, "status_at": now, "claimed_until": None}
            move(session, Invitation, invitation.id, InvitationStatus.SENT, **values)
    elif isinstance(decision, Wait):
        wait(session, invitation.id, decision.until, now)
    elif isinstance(decision, Refuse):
        suppress(session, invitation.id, decision.rule.value, now)
    else:
        assert_never(decision)


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


def _store(
    session: Session, invitation: Invitation, decision: Decision, facts: Facts, now: datetime
) -> None:
    session.add(
        tables.Decision(
            workspace_id=invitation.workspace_id,
            invitation_id=invitation.id,
            outcome=decision.outcome,
            rule=None if isinstance(decision, Ask) else decision.rule.value,
            detail="" if isinstance(decision, Ask) else decision.detail,
            until=decision.until if isinstance(decision, Wait) else None,
            facts=facts.to_json(),
            decided_at=now,
        )
    )
    session.flush()
