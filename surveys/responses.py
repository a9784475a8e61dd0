"""Responses: opened once an invitation, saved answer by answer as they come, by any channel."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.response import Response
from models.status import InvitationStatus, ResponseStatus
from surveys.answer_rows import Channel, OpenResponse, answer_values
from surveys.asking_sql import RESPOND
from surveys.definition import SurveyDefinition
from surveys.flow import start
from surveys.flow_types import State, Step
from surveys.pages.writes import Kind, at_once, going_on, parts
from surveys.whom import Whom

SOURCE = "waymark"


class Opened(NamedTuple):
    """A response and how far it has come."""

    id: int
    state: State


def open_response(
    session: Session,
    whom: Whom,
    channel: Channel,
    now: datetime,
    first: State | None = None,
    language: str | None = None,
) -> Opened:
    """The invitation's one response, made when there is none yet; it may be called again.

    `first` and `language` are the flow's first state and the survey's language for this
    customer, where the caller has them already. The response belongs to the time and the
    touchpoint of the event that it is about.
    """
    if first is None or language is None:
        definition, context = whom.definition, whom.context(channel)
        first = first or start(definition, context).state
        language = language or definition.language_for(context.language)
    made = RESPOND.first_in(session, opening(whom, channel, now, first, language))
    if made is not None:
        return Opened(int(made[0]), first)
    mine = select(Response).where(Response.invitation_id == whom.invitation.id)
    found = session.scalars(mine.execution_options(populate_existing=True)).one()
    return Opened(found.id, State.from_json(found.state))


def opening(
    whom: Whom, channel: Channel, now: datetime, first: State, language: str
) -> dict[str, Any]:
    """What an invitation's response begins with."""
    invitation = whom.invitation
    return {
        "workspace_id": invitation.workspace_id,
        "invitation_id": invitation.id,
        "customer_id": invitation.customer_id,
        "survey_id": invitation.survey_id,
        "version_id": whom.version.id,
        "touchpoint_id": invitation.touchpoint_id,
        "source": SOURCE,
        "external_id": str(invitation.id),
        "status": ResponseStatus.OPEN.value,
        "state": first.to_json(),
        "channel": channel,
        "language": language,
        "occurred_at": whom.event.occurred_at if whom.event else invitation.created_at,
        "started_at": now,
        "updated_at": now,
    }


def save_step(
    session: Session,
    response: OpenResponse,
    definition: SurveyDefinition,
    step: Step,
    channel: Channel,
    now: datetime,
) -> None:
    """Write down what one step of the flow saved, and where the customer stands now.

    The caller holds the response. The invitation starts with the first answer; the last one
    completes it and ends the exchange by SMS. A revised answer is to be scored anew. Whoever
    calls this commits before the customer hears that the answer was taken.
    """
    _write(
        session, step_kind(response, step), step_values(response, definition, step, channel, now)
    )


def step_kind(response: OpenResponse, step: Step) -> Kind:
    """Which parts it takes to write a step down, the response being held."""
    done = step.state.finished
    follows = InvitationStatus.COMPLETED if done else InvitationStatus.STARTED
    told = response.invitation_id is not None and (done or _is_first(step))
    return Kind(
        opens=False,
        finishes=done,
        answers=bool(step.saved),
        invitation=follows if told else None,
        ends_conversation=done,
        locked=True,
    )


def step_values(
    response: OpenResponse,
    definition: SurveyDefinition,
    step: Step,
    channel: Channel,
    now: datetime,
) -> dict[str, Any]:
    """What those parts want to know."""
    values: dict[str, Any] = {
        "workspace_id": response.workspace_id,
        "response_id": response.id,
        "invitation_id": response.invitation_id,
        "new_state": step.state.to_json(),
        "now": now,
    }
    for one in step.saved:  # a step answers one question at most
        values |= answer_values(definition, one, channel, now)
    return values


def _write(session: Session, kind: Kind, values: dict[str, Any]) -> None:
    """One statement on PostgreSQL, where each is a round trip."""
    if session.get_bind().dialect.name == "postgresql":
        at_once(kind).first_in(session, values)
        return
    for part in (going_on(kind), *parts(kind)):
        part.run_in(session, values)


def _is_first(step: Step) -> bool:
    """Whether all that was ever said was said in this step."""
    said = set(step.state.answers) | set(step.state.comments)
    return bool(said) and said == {saved.question for saved in step.saved}
