"""Asking by e-mail: one message with the first question in it; the response begins on the page."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from surveys.asking import hold
from surveys.channels.addresses import MAIL_SENDER, plain_mail
from surveys.channels.links import short_link
from surveys.flow import start
from surveys.flow_types import Prompt
from surveys.letters.letter import Letter, letter, plain
from surveys.outbox import Draft, put
from surveys.precedence import priority_of
from surveys.services import Services
from surveys.whom import Whom


def ask_by_mail(
    session: Session, services: Services, whom: Whom, sender: str, now: datetime
) -> int | None:
    """Write the e-mail that asks the first question; the id of its message.

    The invitation stays `sending`, without a worker's lease, until a mail server has it.
    """
    invitation, customer = whom.invitation, whom.customer
    hold(session, invitation.id)
    assert customer.email is not None, "eligibility refuses a customer without an address"
    written = _letter(services, whom)
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


def _letter(services: Services, whom: Whom) -> Letter:
    definition = whom.definition
    link = short_link(services.public_url, whom.invitation.token)
    context = whom.context("web")
    asked = start(definition, context).say
    assert isinstance(asked, Prompt), "a survey begins with a question"
    language = definition.language_for(context.language)
    return letter(definition, asked, context.company, language, whom.workspace.accent or "", link)
