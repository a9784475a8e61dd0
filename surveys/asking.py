"""Asking by SMS: the response, the exchange and its first message, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.customer import Customer
from models.invitation import Invitation
from surveys import versions
from surveys.channels.addresses import SMS, Talk, address_on
from surveys.channels.links import short_link
from surveys.channels.names import is_name
from surveys.contexts import context_of
from surveys.conversations import open_conversation
from surveys.definition import SurveyDefinition
from surveys.eligibility import RECHECK
from surveys.flow import current, start
from surveys.flow_types import Context, Prompt, Say, State, Step
from surveys.invitations import wait
from surveys.outbox import Draft, put
from surveys.precedence import priority_of
from surveys.responses import open_response
from surveys.services import Services
from surveys.sms_text import first_sms, link_only_sms


def ask_by_sms(
    session: Session, services: Services, invitation: Invitation, sender: str, now: datetime
) -> int | None:
    """Write everything that the first question needs; the id of its message.

    The invitation stays `sending`, without a worker's lease, until the provider has the
    message. Whoever has begun on the web already is asked the question they stand at.
    None where another exchange was opened meanwhile: it is decided on again later. A sender
    that is a name gets no reply: it brings the link, and no exchange is opened.
    """
    asking = prepare(session, services, invitation, SMS)
    if is_name(sender):
        company = asking.definition.sender_name or asking.context.company
        intro = _intro(asking.first.say)
        body = link_only_sms(intro, asking.language, company, asking.link)
        return _ask_by_link(session, services, asking, sender, body, now)
    begun = begin(session, asking, sender, now)
    if begun is None:
        return None
    body = first_sms(asking.definition, begun.say, asking.language, asking.link)
    return put(session, first_draft(services, asking, begun, body), now)


@dataclass(frozen=True)
class Asking:
    """An invitation that is about to be asked: of whom, what, in which language."""

    invitation: Invitation
    definition: SurveyDefinition
    context: Context
    link: str
    first: Step
    channel: Talk
    address: str
    priority: int

    @property
    def language(self) -> str:
        """The survey's language for this customer."""
        return self.definition.language_for(self.context.language)


@dataclass(frozen=True)
class Begun:
    """The exchange that an invitation opened, and the question it begins with."""

    conversation_id: int
    sender: str
    question: str | None
    say: Say


def prepare(session: Session, services: Services, invitation: Invitation, channel: Talk) -> Asking:
    """Everything that asking by a channel needs to know; nothing is written yet."""
    version = versions.version_by_id(session, invitation.version_id)
    definition = versions.definition_of(version)
    link = short_link(services.public_url, invitation.token)
    context = context_of(session, invitation, channel, link)
    first = start(definition, context)
    address = _address(session, invitation, channel)
    priority = priority_of(session, invitation)
    return Asking(invitation, definition, context, link, first, channel, address, priority)


def begin(session: Session, asking: Asking, sender: str, now: datetime) -> Begun | None:
    """Open the response and its exchange; None, and put off, where another is open."""
    invitation, first = asking.invitation, asking.first
    version = versions.version_by_id(session, invitation.version_id)
    response = open_response(
        session, invitation, version, asking.channel, now, first.state, asking.language
    )
    state = State.from_json(response.state)
    step = first if state == first.state else current(asking.definition, state, asking.context)
    opened = open_conversation(session, invitation, response, sender, asking.address, now)
    if opened is None:
        wait(session, invitation.id, now + RECHECK, now)
        return None
    hold(session, invitation.id)
    return Begun(opened, sender, state.current, step.say)


def first_draft(services: Services, asking: Asking, begun: Begun, body: str) -> Draft:
    """The message that opens an exchange."""
    return Draft(
        workspace_id=asking.invitation.workspace_id,
        kind="invitation",
        scope=f"inv:{asking.invitation.id}",
        step=f"q:{begun.question}",
        sender=begun.sender,
        address=asking.address,
        body=body,
        provider=services.gateway.name,
        customer_id=asking.invitation.customer_id,
        invitation_id=asking.invitation.id,
        priority=asking.priority,
        conversation_id=begun.conversation_id,
    )


def hold(session: Session, invitation_id: int) -> None:
    """End the worker's lease: from here on the message carries the work."""
    session.execute(
        update(Invitation).where(Invitation.id == invitation_id).values(claimed_until=None)
    )


def _intro(say: Say) -> str | None:
    return say.intro if isinstance(say, Prompt) else None


def _ask_by_link(
    session: Session, services: Services, asking: Asking, sender: str, body: str, now: datetime
) -> int | None:
    """Bring the link; the response begins on the page."""
    invitation = asking.invitation
    hold(session, invitation.id)
    draft = Draft(
        workspace_id=invitation.workspace_id,
        kind="invitation",
        scope=f"inv:{invitation.id}",
        step="link",
        sender=sender,
        address=asking.address,
        body=body,
        provider=services.gateway.name,
        customer_id=invitation.customer_id,
        invitation_id=invitation.id,
        priority=asking.priority,
    )
    return put(session, draft, now)


def _address(session: Session, invitation: Invitation, channel: Talk) -> str:
    customer = session.get_one(Customer, invitation.customer_id)
    assert customer.phone is not None, "eligibility refuses a customer without a phone"
    return address_on(channel, customer.phone)
