"""Asking by WhatsApp: an exchange like any other, whose first message is a template."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from models.survey import Survey
from surveys.asking import begin, first_draft, prepare
from surveys.channels.addresses import WHATSAPP
from surveys.eligibility_facts import Rule
from surveys.invitations import suppress
from surveys.outbox import put
from surveys.services import Services
from surveys.whatsapp_templates import INVITATION, fill, template_for
from surveys.whom import Whom


def ask_by_whatsapp(
    session: Session, services: Services, whom: Whom, sender: str, now: datetime
) -> int | None:
    """Write everything that the first question needs, made from the survey's template.

    Everything else is as by SMS (see surveys.asking.ask_by_sms). A template that was taken away
    since it was decided to ask suppresses the invitation.
    """
    asking = prepare(session, services, whom, WHATSAPP)
    survey = session.get_one(Survey, whom.invitation.survey_id)
    template = template_for(survey.whatsapp, INVITATION, asking.language)
    if template is None:
        suppress(session, whom.invitation.id, Rule.NO_TEMPLATE.value, now)
        return None
    begun = begin(session, asking, sender, now)
    if begun is None:
        return None
    filled = fill(template, asking.definition, begun.say, asking.context, asking.link)
    draft = first_draft(services, asking, begun, filled.body)
    return put(session, replace(draft, content=filled.content), now)
