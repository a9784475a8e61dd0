"""Asking by SMS: the response, the exchange and its first message, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.invitation import Invitation
from surveys import responses
from surveys.asking_sql import BEGIN, LEASE_ENDS
from surveys.channels.addresses import SMS, Talk, address_on
from surveys.channels.links import short_link
from surveys.channels.names import is_name
from surveys.conversations import open_conversation, opening
from surveys.definition import SurveyDefinition
from surveys.eligibility import RECHECK
from surveys.flow import current, start
from surveys.flow_types import Context, Prompt, Say, Step
from surveys.invitations import wait
from surveys.outbox import Draft, put
from surveys.precedence import priority_of
from surveys.responses import open_response
from surveys.services import Services
from surveys.sms_text import first_sms, link_only_sms
from surveys.whom import Whom


def ask_by_sms(
    session: Session, services: Services, whom: Whom, sender: str, now: datetime
) -> int | None:
    """Write everything that the first question needs; the id of its message.

    The invitation stays `sending`, without a worker's lease, until the provider has the
    message. Whoever has begun on the web already is asked the question they stand at.
    None where another exchange was opened meanwhile: it is decided on again later. A sender
    that is a name gets no reply: it brings the link, and no exchange is opened.
    """
    asking = prepare(session, services, whom, SMS)
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

    whom: Whom
    definition: SurveyDefinition
    context: Context
    link: str
    first: Step
    channel: Talk
    address: str
    priority: int

    @property
    def invitation(self) -> Invitation:
        """The invitation."""
        return self.whom.invitation

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


def prepare(session: Session, services: Services, whom: Whom, channel: Talk) -> Asking:
    """Everything that asking by a channel needs to know; nothing is written yet."""
    definition = whom.definition
    link = short_link(services.public_url, whom.invitation.token)
    context = whom.context(channel, link)
    first = start(definition, context)
    priority = priority_of(session, whom.invitation)
    return Asking(
        whom, definition, context, link, first, channel, _address(whom, channel), priority
    )


def begin(session: Session, asking: Asking, sender: str, now: datetime) -> Begun | None:
    """Open the response and its exchange; None, and put off, where another is open."""
    whom, first = asking.whom, asking.first
    if session.get_bind().dialect.name == "postgresql":
        opened = _begin_at_once(session, asking, sender, now)
        if opened is not None:
            return Begun(opened, sender, first.state.current, first.say)
    response = open_response(session, whom, asking.channel, now, first.state, asking.language)
    state = response.state
    step = first if state == first.state else current(asking.definition, state, asking.context)
    opened = open_conversation(session, whom.invitation, response.id, sender, asking.address, now)
    if opened is None:
        wait(session, whom.invitation.id, now + RECHECK, now)
        return None
    hold(session, whom.invitation.id)
    return Begun(opened, sender, state.current, step.say)


def _begin_at_once(session: Session, asking: Asking, sender: str, now: datetime) -> int | None:
    """The new exchange of a new response, by one statement; None where either is there already."""
    whom = asking.whom
    exchange = opening(whom.invitation, sender, asking.address, now)
    response = responses.opening(whom, asking.channel, now, asking.first.state, asking.language)
    status = {"exchange_status": exchange["status"]}
    made = BEGIN.first_in(session, {**exchange, **response, **status})
    return None if made is None or made[1] is None else int(made[1])


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
    LEASE_ENDS.run_in(session, {"invitation_id": invitation_id})


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


def _address(whom: Whom, channel: Talk) -> str:
    phone = whom.customer.phone
    assert phone is not None, "eligibility refuses a customer without a phone"
    return address_on(channel, phone)
