"""An invitation: who was asked what, or was not, and why."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Select, select

from feedback.pages.invitation_list import joined
from models.base import db
from models.customer import Customer
from models.errors import NotFound
from models.event import Event
from models.invitation import Decision, Invitation
from models.message import Message
from models.response import Response
from models.survey import Survey, Trigger
from surveys.access import Access, allow
from surveys.explanation import rules_of
from surveys.services import Services


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/invitations/ID`."""

    @blueprint.get("/invitations/<int:invitation_id>")
    @allow(Access.SESSION)
    def invitation(invitation_id: int) -> ResponseReturnValue:
        session = db.session()
        row = session.execute(_one(g.workspace_id, invitation_id)).first()
        if row is None:
            raise NotFound("there is no such invitation", mend="Choose one from the list.")
        decisions = session.scalars(_decisions(invitation_id)).all()
        return render_template(
            "invitation.html",
            row=row,
            decisions=decisions,
            rules={decision.id: rules_of(decision) for decision in decisions},
            messages=session.scalars(_messages(invitation_id)).all(),
            short_link=f"{services.public_url}/s/{row.Invitation.token}",
        )


def _one(workspace_id: int, invitation_id: int) -> Select[*tuple[Any, ...]]:
    wanted: ColumnElement[bool] = Invitation.id == invitation_id
    return (
        joined(workspace_id, Invitation, Customer, Survey, Event, Trigger, Response)
        .outerjoin(Trigger, Trigger.id == Invitation.trigger_id)
        .outerjoin(Response, Response.invitation_id == Invitation.id)
        .where(wanted)
    )


def _decisions(invitation_id: int) -> Select[Decision]:
    mine = select(Decision).where(Decision.invitation_id == invitation_id)
    return mine.order_by(Decision.decided_at, Decision.id)


def _messages(invitation_id: int) -> Select[Message]:
    return select(Message).where(Message.invitation_id == invitation_id).order_by(Message.id)
