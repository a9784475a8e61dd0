"""Asking the open question of an exchange once more, after something came between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.invitation import Invitation
from models.response import Response
from surveys import versions
from surveys.channels.addresses import SMS, Talk, talk_of
from surveys.channels.links import short_link
from surveys.contexts import context_of
from surveys.definition import SurveyDefinition
from surveys.flow import current
from surveys.flow_types import Context, Prompt, State
from surveys.outbox import Draft
from surveys.services import Services
from surveys.sms_text import say_by_sms
from surveys.whatsapp_words import put_or_say_why
from surveys.wires import last_via


@dataclass(frozen=True)
class Asked:
    """The question that a response stands at, of which survey, to whom."""

    prompt: Prompt
    definition: SurveyDefinition
    context: Context

    @property
    def text(self) -> str:
        """Its words in a message."""
        return say_by_sms(self.prompt, self.definition.language_for(self.context.language))


def open_question(
    session: Session,
    services: Services,
    invitation: Invitation,
    response: Response,
    channel: Talk = SMS,
) -> Asked | None:
    """The question that a response stands at; None after the last."""
    version = versions.version_by_id(session, response.version_id)
    definition = versions.definition_of(version)
    link = short_link(services.public_url, invitation.token)
    context = context_of(session, invitation, channel, link)
    say = current(definition, State.from_json(response.state), context).say
    return Asked(say, definition, context) if isinstance(say, Prompt) else None


def ask_again(
    session: Session,
    services: Services,
    conversation: Conversation,
    response: Response,
    scope: str,
    now: datetime,
) -> int | None:
    """Write the open question into the outbox, once a scope; None where there is none."""
    invitation = session.get_one(Invitation, conversation.invitation_id)
    channel = talk_of(conversation.address)
    found = open_question(session, services, invitation, response, channel)
    if found is None:
        return None
    draft = Draft(
        workspace_id=conversation.workspace_id,
        kind="question",
        scope=scope,
        step=f"q:{found.prompt.question.key}",
        sender=conversation.sender,
        address=conversation.address,
        body=found.text,
        provider=services.gateway.name,
        customer_id=conversation.customer_id,
        invitation_id=conversation.invitation_id,
        conversation_id=conversation.id,
        via=last_via(session, conversation.workspace_id, conversation.sender, conversation.address),
    )
    about = (invitation, found.definition, found.prompt, found.context)
    return put_or_say_why(session, draft, *about, now)
