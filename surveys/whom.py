"""Whom invitations ask, and what: read for many at once, before anything is written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.customer import Customer
from models.event import Event
from models.invitation import Invitation
from models.survey import SurveyVersion
from models.workspace import Workspace
from surveys.answer_rows import Channel
from surveys.channels.addresses import WHATSAPP
from surveys.contexts import context_about
from surveys.definition import SurveyDefinition
from surveys.flow_types import Context
from surveys.services import Services
from surveys.versions import definition_of


@dataclass(frozen=True, slots=True)
class Whom:
    """An invitation, its customer, what happened, and the version of the survey it asks."""

    invitation: Invitation
    workspace: Workspace
    customer: Customer
    event: Event | None
    version: SurveyVersion

    @property
    def definition(self) -> SurveyDefinition:
        """What is asked."""
        return definition_of(self.version)

    def context(self, channel: Channel, link: str | None = None) -> Context:
        """Whom the survey speaks to."""
        return context_about(self.workspace, self.customer, self.event, channel, link)

    def sender(self, services: Services) -> str:
        """The sender on the invitation's channel; empty where there is none for WhatsApp."""
        if self.invitation.channel == WHATSAPP:
            return self.workspace.whatsapp_sender or services.whatsapp_sender or ""
        return self.workspace.sender or services.gateway.sender


def whom(session: Session, ids: Collection[int]) -> list[Whom]:
    """The invitations with these ids, in their order, as they stand now: by three statements."""
    if not ids:
        return []
    rows = session.execute(
        select(Invitation, Customer, Event)
        .join(Customer, Customer.id == Invitation.customer_id)
        .outerjoin(Event, Event.id == Invitation.event_id)
        .where(Invitation.id.in_(ids))
        .order_by(Invitation.id)
        .execution_options(populate_existing=True)
    ).all()
    found = [row[0] for row in rows]
    workspaces = {
        one.id: one
        for one in session.scalars(
            select(Workspace)
            .where(Workspace.id.in_({one.workspace_id for one in found}))
            .execution_options(populate_existing=True)
        )
    }
    versions = {
        one.id: one
        for one in session.scalars(
            select(SurveyVersion).where(SurveyVersion.id.in_({one.version_id for one in found}))
        )
    }
    return [
        Whom(one, workspaces[one.workspace_id], customer, event, versions[one.version_id])
        for one, customer, event in rows
    ]
