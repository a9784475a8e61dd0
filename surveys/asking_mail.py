"""Asking by e-mail: one message with the first question in it; the response begins on the page."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.customer import Customer
from models.invitation import Invitation
from models.workspace import Workspace
from surveys import versions
from surveys.channels.addresses import MAIL_SENDER, plain_mail
from surveys.channels.links import short_link
from surveys.contexts import context_of
from surveys.flow import start
from surveys.flow_types import Prompt
from surveys.letters.letter import Letter, letter, plain
from surveys.outbox import Draft, put
from surveys.precedence import priority_of
from surveys.services import Services


def ask_by_mail(
    session: Session, services: Services, invitation: Invitation, sender: str, now: datetime
) -> int | None:
    """Write the e-mail that asks the first question; the id of its message.

    The invitation stays `sending`, without a worker's lease, until a mail server has it.
    """
    session.execute(
        update(Invitation).where(Invitation.id == invitation.id).values(claimed_until=None)
    )
    customer = session.get_one(Customer, invitation.customer_id)
    assert customer.email is not None, "eligibility refuses a customer without an address"
    written = _letter(session, services, invitation)
    draft = Draft(
        workspace_id=invitation.workspace_id,
        kind="invitation",
        scope=f"inv:{invitation.id}",
        step="mail",
        sender=MAIL_SENDER,
        address=plain_mail(customer.email),
        body=f"{written.subject}\n\n{plain(written)}",
        provider=services.mail.name,
        customer_id=customer.id,
        invitation_id=invitation.id,
        letter=written.to_json(),
        priority=priority_of(session, invitation),
    )
    return put(session, draft, now)


def _letter(session: Session, services: Services, invitation: Invitation) -> Letter:
    version = versions.version_by_id(session, invitation.version_id)
    definition = versions.definition_of(version)
    link = short_link(services.public_url, invitation.token)
    context = context_of(session, invitation, "web")
    asked = start(definition, context).say
    assert isinstance(asked, Prompt), "a survey begins with a question"
    accent = session.scalar(select(Workspace.accent).where(Workspace.id == invitation.workspace_id))
    language = definition.language_for(context.language)
    return letter(definition, asked, context.company, language, accent or "", link)
