"""Asking the open question of an exchange once more, after something came between."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.invitation import Invitation
from models.response import Response
from surveys import versions
from surveys.channels.links import short_link
from surveys.contexts import context_of
from surveys.definition import SurveyDefinition
from surveys.flow import current
from surveys.flow_types import Context, Prompt, State
from surveys.outbox import Draft, put
from surveys.services import Services
from surveys.sms_text import say_by_sms

SMS: Literal["sms"] = "sms"


def open_question(
    session: Session, services: Services, invitation: Invitation, response: Response
) -> tuple[Prompt, str] | None:
    """The question that a response stands at and its words by SMS; None after the last."""
    version = versions.version_by_id(session, response.version_id)
    definition = versions.definition_of(version)
    link = short_link(services.public_url, invitation.token)
    return _asked(definition, response, context_of(session, invitation, SMS, link))


def _asked(
    definition: SurveyDefinition, response: Response, context: Context
) -> tuple[Prompt, str] | None:
    say = current(definition, State.from_json(response.state), context).say
    if not isinstance(say, Prompt):
        return None
    return say, say_by_sms(say, definition.language_for(context.language))


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
    found = open_question(session, services, invitation, response)
    if found is None:
        return None
    prompt, text = found
    draft = Draft(
        workspace_id=conversation.workspace_id,
        kind="question",
        scope=scope,
        step=f"q:{prompt.question.key}",
        sender=conversation.sender,
        address=conversation.address,
        body=text,
        provider=services.gateway.name,
        customer_id=conversation.customer_id,
        invitation_id=conversation.invitation_id,
        conversation_id=conversation.id,
    )
    return put(session, draft, now)
