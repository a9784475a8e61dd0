"""What is written by WhatsApp after an exchange has begun: our own words, else a template."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from models.invitation import Invitation
from models.message import Message
from models.status import MessageStatus, move
from models.survey import Survey
from surveys.definition import SurveyDefinition
from surveys.eligibility_facts import Rule
from surveys.flow_types import Context, Say
from surveys.outbox import Draft, put
from surveys.whatsapp_session import may_speak_freely
from surveys.whatsapp_templates import REMINDER, fill, template_for


def put_or_say_why(
    session: Session,
    draft: Draft,
    invitation: Invitation,
    definition: SurveyDefinition,
    say: Say,
    context: Context,
    now: datetime,
) -> int | None:
    """Write a question that follows no message of the customer's; its id, None where it is not.

    By SMS, and by WhatsApp within a day of their last message, in our own words. After that by
    the survey's template for reminders. Where it has none the message is kept as cancelled, for
    the team to see why nothing was sent; the exchange waits for the customer.
    """
    place = (draft.workspace_id, draft.sender, draft.address)
    if may_speak_freely(session, *place, now):
        return put(session, draft, now)
    survey = session.get_one(Survey, invitation.survey_id)
    language = definition.language_for(context.language)
    template = template_for(survey.whatsapp, REMINDER, language)
    if template is None:
        made = put(session, draft, now)
        if made is not None:
            why = {"error_code": Rule.NO_TEMPLATE.value, "status_at": now}
            move(session, Message, made, MessageStatus.CANCELED, **why)
        return None
    filled = fill(template, definition, say, context, context.link or "")
    return put(session, replace(draft, body=filled.body, content=filled.content), now)
