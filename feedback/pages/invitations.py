"""The invitations: who was asked what, who was not, and why."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from feedback.pages.paging import listed
from models.base import db
from models.customer import Customer
from models.errors import NotFound
from models.event import Event
from models.invitation import Decision, Invitation
from models.message import Message
from models.response import Response
from models.status import InvitationStatus
from models.survey import Survey, Trigger
from surveys.access import Access, allow
from surveys.services import Services


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/invitations` and `/invitations/ID`."""

    @blueprint.get("/invitations")
    @allow(Access.SESSION)
    def invitations() -> ResponseReturnValue:
        session, status = db.session(), request.args.get("status")
        page = listed(session, _list(g.workspace_id, status), Invitation.id.expression)
        counts = status_counts(session, g.workspace_id)
        return render_template("invitations.html", page=page, counts=counts, status=status)

    @blueprint.get("/invitations/<int:invitation_id>")
    @allow(Access.SESSION)
    def invitation(invitation_id: int) -> ResponseReturnValue:
        session = db.session()
        row = session.execute(_one(g.workspace_id, invitation_id)).first()
        if row is None:
            raise NotFound("there is no such invitation", mend="Choose one from the list.")
        return render_template(
            "invitation.html",
            row=row,
            decisions=session.scalars(_decisions(invitation_id)).all(),
            messages=session.scalars(_messages(invitation_id)).all(),
            link=f"{services.public_url}/s/{row.Invitation.token}",
        )


def status_counts(session: Session, workspace_id: int) -> dict[str, int]:
    """How many invitations there are in each state, in the order of an invitation's life."""
    found = session.execute(
        select(Invitation.status, func.count().label("n"))
        .where(Invitation.workspace_id == workspace_id)
        .group_by(Invitation.status)
    )
    counts = {row.status: row.n for row in found}
    return {str(status): counts[status] for status in InvitationStatus if status in counts}


def _joined(workspace_id: int, *columns: Any) -> Select[*tuple[Any, ...]]:
    statement: Select[*tuple[Any, ...]] = select(*columns)
    return (
        statement.join(Customer, Customer.id == Invitation.customer_id)
        .join(Survey, Survey.id == Invitation.survey_id)
        .outerjoin(Event, Event.id == Invitation.event_id)
        .where(Invitation.workspace_id == workspace_id)
    )


def _list(workspace_id: int, status: str | None) -> Select[*tuple[Any, ...]]:
    statement = _joined(
        workspace_id,
        Invitation.id,
        Invitation.channel,
        Invitation.status,
        Invitation.rule,
        Invitation.created_at,
        Invitation.due_at,
        Customer.external_id.label("customer"),
        Survey.name.label("survey"),
        Event.name.label("event"),
    )
    return statement.where(Invitation.status == status) if status else statement


def _one(workspace_id: int, invitation_id: int) -> Select[*tuple[Any, ...]]:
    wanted: ColumnElement[bool] = Invitation.id == invitation_id
    return (
        _joined(workspace_id, Invitation, Customer, Survey, Event, Trigger, Response)
        .outerjoin(Trigger, Trigger.id == Invitation.trigger_id)
        .outerjoin(Response, Response.invitation_id == Invitation.id)
        .where(wanted)
    )


def _decisions(invitation_id: int) -> Select[Decision]:
    mine = select(Decision).where(Decision.invitation_id == invitation_id)
    return mine.order_by(Decision.decided_at, Decision.id)


def _messages(invitation_id: int) -> Select[Message]:
    return select(Message).where(Message.invitation_id == invitation_id).order_by(Message.id)
