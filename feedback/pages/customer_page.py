"""A customer: what was decided about asking them, newest first, and what else is known here."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from feedback.pages.frame import workspace
from feedback.pages.paging import listed
from models.base import db
from models.customer import Customer
from models.errors import NotFound
from models.invitation import Decision, Invitation
from models.status import InvitationStatus
from models.survey import Survey
from surveys.access import Access, allow
from surveys.services import Services

MARKS = {"ask": ("good", "Asked"), "wait": ("waiting", "Waits"), "refuse": ("", "Not asked")}
"""An outcome's mark and its word."""


def add_routes(blueprint: Blueprint, _services: Services) -> None:
    """`/customers/ID`."""

    @blueprint.get("/customers/<int:customer_id>")
    @allow(Access.SESSION)
    def customer(customer_id: int) -> ResponseReturnValue:
        session = db.session()
        found = session.get(Customer, customer_id)
        if found is None or found.workspace_id != g.workspace_id:
            raise NotFound("there is no such customer", mend="Choose one by an invitation.")
        page = listed(session, decided(g.workspace_id, customer_id), Decision.id.expression)
        return render_template(
            "customer.html",
            customer=found,
            page=page,
            marks=MARKS,
            undecided=_undecided(session, customer_id) if "before" not in request.args else (),
            zone=found.timezone or workspace().timezone,
        )


def decided(workspace_id: int, customer_id: int) -> Select[*tuple[Any, ...]]:
    """What was decided about a customer: by their invitations, each a look into an index."""
    return (
        select(
            Decision.id,
            Decision.outcome,
            Decision.rule,
            Decision.detail,
            Decision.until,
            Decision.decided_at,
            Invitation.id.label("invitation"),
            Invitation.channel,
            Survey.key.label("survey_key"),
            Survey.name.label("survey"),
        )
        .join(Invitation, Invitation.id == Decision.invitation_id)
        .join(Survey, Survey.id == Invitation.survey_id)
        .where(Invitation.customer_id == customer_id, Invitation.workspace_id == workspace_id)
    )


def _undecided(session: Session, customer_id: int) -> list[Any]:
    """Invitations that wait until they are due, the first: nothing is decided of them yet."""
    looked_at: ColumnElement[bool] = (
        select(Decision.id).where(Decision.invitation_id == Invitation.id).exists()
    )
    waits = (
        select(Invitation.id, Invitation.due_at, Invitation.channel, Survey.name.label("survey"))
        .join(Survey, Survey.id == Invitation.survey_id)
        .where(
            Invitation.customer_id == customer_id,
            Invitation.status == InvitationStatus.SCHEDULED.value,
            ~looked_at,
        )
    )
    return list(session.execute(waits.order_by(Invitation.due_at, Invitation.id).limit(10)))
