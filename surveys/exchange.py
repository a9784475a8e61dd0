"""A reply in an open exchange: the flow goes one step on, and the next message is written."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.invitation import Invitation
from models.response import Response
from models.status import ConversationStatus
from surveys import conversations, turns, versions
from surveys.channels.links import short_link
from surveys.contexts import context_of
from surveys.flow import advance
from surveys.flow_types import Again, Farewell, Prompt, Remark, Reply, Say, State, Step
from surveys.held import holder
from surveys.locking import lock
from surveys.outbox import Draft, put
from surveys.responses import save_step
from surveys.services import Services
from surveys.sms_text import say_by_sms

SMS: Literal["sms"] = "sms"


def hold_conversation(
    session: Session, workspace_id: int, sender: str, address: str, now: datetime
) -> tuple[Conversation, Response] | None:
    """The exchange a reply belongs to, reopened if it fell silent, with its response, held.

    None is reopened while a person talks with the customer in its place.
    The response is held before its exchange, as everywhere, so that nobody waits in a ring.
    Two replies at once come one after the other here.
    """
    found = conversations.find_open(session, workspace_id, sender, address)
    if found is None and holder(session, workspace_id, sender, address) is None:
        found = conversations.reopen_latest(session, workspace_id, sender, address, now)
    if found is None:
        return None
    response = lock(session, Response, found.response_id)
    conversation = lock(session, Conversation, found.id)
    if response is None or conversation is None:
        return None
    still_open = conversation.status == ConversationStatus.OPEN.value
    return (conversation, response) if still_open else None


def reply(
    session: Session,
    services: Services,
    conversation: Conversation,
    response: Response,
    inbound_id: int,
    body: str,
    now: datetime,
) -> Step:
    """Take a reply: answers saved, next message written; the caller commits them together."""
    version = versions.version_by_id(session, response.version_id)
    definition = versions.definition_of(version)
    invitation = session.get_one(Invitation, conversation.invitation_id)
    link = short_link(services.public_url, invitation.token)
    context = context_of(session, invitation, SMS, link)
    state = State.from_json(response.state)
    step = advance(definition, state, Reply(body), context)
    goes_on = turns.goes_on(session, conversation.id, inbound_id, step, now)
    if goes_on:
        step = advance(definition, state, Remark(body), context)
    save_step(session, response, definition, step, SMS, now)
    conversations.keep_alive(session, conversation.id, now)
    text = say_by_sms(step.say, definition.language_for(context.language), link=link)
    asked_already = goes_on and isinstance(step.say, Prompt) and step.state.current == state.current
    if text and not asked_already:
        kind, name = _named(step.say)
        draft = Draft(
            workspace_id=conversation.workspace_id,
            kind=kind,
            scope=f"in:{inbound_id}",
            step=name,
            sender=conversation.sender,
            address=conversation.address,
            body=text,
            provider=services.gateway.name,
            customer_id=conversation.customer_id,
            invitation_id=conversation.invitation_id,
            conversation_id=conversation.id,
        )
        put(session, draft, now)
    return step


def _named(say: Say) -> tuple[str, str]:
    """A message's kind and the name of its step."""
    if isinstance(say, Prompt):
        return "question", f"q:{say.question.key}"
    if isinstance(say, Again):
        return "again", f"again:{say.prompt.question.key}"
    assert isinstance(say, Farewell)
    return "thanks", "thanks"
