"""Invitations written as rows for a page's test, and taken away again after it."""

from __future__ import annotations

from collections.abc import Sequence
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.customer import Customer
from models.invitation import Decision, Invitation
from models.survey import Survey, SurveyVersion


def of_delivery(shop: Any, session: Session) -> dict[str, Any]:
    """What an invitation to the survey after a delivery has, to somebody of the shop."""
    survey = session.scalars(select(Survey).where(Survey.key == "delivery")).one()
    version = session.scalars(
        select(SurveyVersion.id).where(SurveyVersion.survey_id == survey.id)
    ).first()
    customer = session.scalars(select(Customer.id).limit(1)).one()
    shared = {"workspace_id": shop.seeded.workspace_id, "customer_id": customer}
    return {**shared, "survey_id": survey.id, "version_id": version}


def forget(session: Session, made: Sequence[int]) -> None:
    """Take invitations away, with what was decided on them."""
    session.execute(delete(Decision).where(Decision.invitation_id.in_(made)))
    session.execute(delete(Invitation).where(Invitation.id.in_(made)))
    session.commit()


def page(client: FlaskClient, path: str) -> str:
    """A page that is there, as it reads."""
    reply = client.get(path)
    assert reply.status_code == 200, (path, reply.status_code)
    return unescape(reply.get_data(as_text=True))
