"""Asking by SMS: the response, the exchange and its first message, in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.customer import Customer
from models.invitation import Invitation
from surveys import versions
from surveys.channels.links import short_link
from surveys.channels.names import is_name
from surveys.contexts import context_of
from surveys.conversations import open_conversation
from surveys.eligibility import RECHECK
from surveys.flow import current, start
from surveys.flow_types import Prompt, Say, State
from surveys.invitations import wait
from surveys.outbox import Draft, put
from surveys.precedence import priority_of
from surveys.responses import open_response
from surveys.services import Services
from surveys.sms_text import first_sms, link_only_sms

SMS: Literal["sms"] = "sms"


def ask_by_sms(
    session: Session, services: Services, invitation: Invitation, sender: str, now: datetime
) -> int | None:
    """Write everything that the first question needs; the id of its message.

    The invitation stays `sending`, without a worker's lease, until the provider has the
    message. Whoever has begun on the web already is asked the question they stand at.
    None where another exchange was opened meanwhile: it is decided on again later. A sender
    that is a name gets no reply: it brings the link, and no exchange is opened.
    """
    version = versions.version_by_id(session, invitation.version_id)
    definition = versions.definition_of(version)
    link = short_link(services.public_url, invitation.token)
    context = context_of(session, invitation, SMS, link)
    first = start(definition, context)
    language = definition.language_for(context.language)
    if is_name(sender):
        company = definition.sender_name or context.company
        body = link_only_sms(_intro(first.say), language, company, link)
        return _ask_by_link(session, services, invitation, sender, body, now)
    response = open_response(session, invitation, version, SMS, now, first.state, language)
    state = State.from_json(response.state)
    step = first if state == first.state else current(definition, state, context)
    address = _address(session, invitation)
    conversation_id = open_conversation(session, invitation, response, sender, address, now)
    if conversation_id is None:
        wait(session, invitation.id, now + RECHECK, now)
        return None
    _hold(session, invitation.id)
    draft = Draft(
        workspace_id=invitation.workspace_id,
        kind="invitation",
        scope=f"inv:{invitation.id}",
        step=f"q:{state.current}",
        sender=sender,
        address=address,
        body=first_sms(definition, step.say, language, link),
        provider=services.gateway.name,
        customer_id=invitation.customer_id,
        invitation_id=invitation.id,
        priority=priority_of(session, invitation),
        conversation_id=conversation_id,
    )
    return put(session, draft, now)


def _intro(say: Say) -> str | None:
    return say.intro if isinstance(say, Prompt) else None


def _ask_by_link(
    session: Session,
    services: Services,
    invitation: Invitation,
    sender: str,
    body: str,
    now: datetime,
) -> int | None:
    """Bring the link; the response begins on the page."""
    _hold(session, invitation.id)
    draft = Draft(
        workspace_id=invitation.workspace_id,
        kind="invitation",
        scope=f"inv:{invitation.id}",
        step="link",
        sender=sender,
        address=_address(session, invitation),
        body=body,
        provider=services.gateway.name,
        customer_id=invitation.customer_id,
        invitation_id=invitation.id,
        priority=priority_of(session, invitation),
    )
    return put(session, draft, now)


def _address(session: Session, invitation: Invitation) -> str:
    customer = session.get_one(Customer, invitation.customer_id)
    assert customer.phone is not None, "eligibility refuses a customer without a phone"
    return customer.phone


def _hold(session: Session, invitation_id: int) -> None:
    """End the worker's lease: from here on the message carries the work."""
    session.execute(
        update(Invitation).where(Invitation.id == invitation_id).values(claimed_until=None)
    )
