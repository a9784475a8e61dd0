"""One reminder to whoever fell silent, where the survey wants it; then never again.

Nobody is reminded in quiet time where they are (in the evening or at night, unless the
workspace keeps other hours; on quiet days and public holidays, where it keeps them), while a
question of theirs is still on its way, while a person of the team talks to them, nor once they
opted out or the exchange is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, select, update
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.customer import Customer
from models.invitation import Invitation
from models.message import Message
from models.response import Response
from models.status import ConversationStatus, MessageStatus
from models.survey import Survey
from models.workspace import Workspace
from surveys import versions
from surveys.channels.addresses import talk_of
from surveys.channels.links import short_link
from surveys.contact_rules import over, read_rules
from surveys.contexts import context_of
from surveys.conversations import SILENCE
from surveys.facts_build import peace_of
from surveys.flow import current
from surveys.flow_types import Farewell, State
from surveys.held import is_held
from surveys.locking import lock
from surveys.outbox import Draft
from surveys.quiet import hush
from surveys.services import Services
from surveys.sms_text import reminder_sms
from surveys.whatsapp_words import put_or_say_why
from surveys.wires import last_via

STEP = "reminder"
_ON_ITS_WAY = (
    MessageStatus.PENDING.value,
    MessageStatus.SENDING.value,
    MessageStatus.UNKNOWN.value,
)


def remind_silent(session: Session, services: Services, now: datetime, limit: int = 200) -> int:
    """Remind those who are silent for as long as their survey waits; how many. Commits."""
    reminded = 0
    for silent in list(_silent(session, now, limit)):
        if awake(silent, now):
            reminded += _remind(session, services, silent.id, now)
            session.commit()
    session.rollback()
    return reminded


def owed(session: Session, now: datetime) -> datetime | None:
    """Now, where somebody may be to be reminded."""
    return next((now for _ in _silent(session, now, 1)), None)


def awake(silent: Row[Any], now: datetime) -> bool:
    """Whether it is quiet nowhere the customer may be; a reminder keeps the default hours too."""
    survey = read_rules(silent.survey_rules)
    quiet, where = peace_of(silent, over(read_rules(silent.contact_rules), survey), True, now)
    return quiet is None or hush(quiet, where.zones, now) is None


def _silent(session: Session, now: datetime, limit: int) -> Iterator[Row[Any]]:
    """The exchanges to remind in, each with what says where the customer is."""
    waits = select(Survey.id, Survey.remind_after_seconds).where(
        Survey.remind_after_seconds.is_not(None)
    )
    for survey_id, seconds in session.execute(waits).all():
        asked_before = now - timedelta(seconds=seconds or 0)
        found = session.execute(_of_survey(survey_id, asked_before + SILENCE, now).limit(limit))
        yield from found.all()


def _of_survey(survey_id: int, lapses_before: datetime, now: datetime) -> Select[Any]:
    """A survey's exchanges whose silence began long enough ago."""
    return (
        select(
            *(Conversation.id, Conversation.expires_at, Invitation.channel),
            *(Customer.timezone, Customer.attributes, Customer.phone),
            *(Workspace.timezone.label("home_zone"), Workspace.contact_rules),
            Workspace.default_region.label("home_country"),
            Survey.contact_rules.label("survey_rules"),
        )
        .join(Invitation, Invitation.id == Conversation.invitation_id)
        .join(Survey, Survey.id == Invitation.survey_id)
        .join(Customer, Customer.id == Conversation.customer_id)
        .join(Workspace, Workspace.id == Conversation.workspace_id)
        .where(
            Invitation.survey_id == survey_id,
            Conversation.status == ConversationStatus.OPEN.value,
            Conversation.expires_at <= lapses_before,
            Conversation.expires_at > now,
            Conversation.reminded_at.is_(None),
            ~_asked_just_now(),
            ~is_held(),
        )
        .order_by(Conversation.expires_at)
    )


def _asked_just_now() -> ColumnElement[bool]:
    return exists().where(
        Message.conversation_id == Conversation.id,
        Message.direction == "out",
        Message.status.in_(_ON_ITS_WAY),
    )


def _remind(session: Session, services: Services, conversation_id: int, now: datetime) -> bool:
    """Write the reminder, unless the customer answered this instant."""
    about = session.get_one(Conversation, conversation_id)
    response = lock(session, Response, about.response_id)
    conversation = lock(session, Conversation, conversation_id)
    if response is None or conversation is None or not _first(session, conversation, now):
        return False
    version = versions.version_by_id(session, response.version_id)
    definition = versions.definition_of(version)
    invitation = session.get_one(Invitation, conversation.invitation_id)
    link = short_link(services.public_url, invitation.token)
    context = context_of(session, invitation, talk_of(conversation.address), link)
    step = current(definition, State.from_json(response.state), context)
    if isinstance(step.say, Farewell):
        return False
    language = definition.language_for(context.language)
    draft = Draft(
        workspace_id=conversation.workspace_id,
        kind="reminder",
        scope=f"conv:{conversation.id}",
        step=STEP,
        sender=conversation.sender,
        address=conversation.address,
        body=reminder_sms(step.say, language, context.company),
        provider=services.gateway.name,
        customer_id=conversation.customer_id,
        invitation_id=conversation.invitation_id,
        conversation_id=conversation.id,
        via=last_via(session, conversation.workspace_id, conversation.sender, conversation.address),
    )
    asked = (invitation, definition, step.say, context)
    return put_or_say_why(session, draft, *asked, now) is not None


def _first(session: Session, conversation: Conversation, now: datetime) -> bool:
    """Note that this exchange had its reminder; False where it had it, or is over."""
    noted = session.scalar(
        update(Conversation)
        .where(
            Conversation.id == conversation.id,
            Conversation.status == ConversationStatus.OPEN.value,
            Conversation.reminded_at.is_(None),
        )
        .values(reminded_at=now)
        .returning(Conversation.id)
        .execution_options(synchronize_session=False)
    )
    return noted is not None
