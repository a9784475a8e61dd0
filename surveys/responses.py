"""Responses: opened once an invitation, saved answer by answer as they come, by any channel."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy.orm import Session

from models.event import Event
from models.invitation import Invitation
from models.response import Response
from models.status import InvitationStatus, ResponseStatus, move
from models.survey import SurveyVersion
from surveys.answer_rows import Channel, OpenResponse, save_answers
from surveys.contexts import context_of
from surveys.conversations import end_of_response
from surveys.definition import SurveyDefinition
from surveys.flow import start
from surveys.flow_types import State, Step
from surveys.upsert import insert_into
from surveys.versions import definition_of

SOURCE = "waymark"


def open_response(
    session: Session,
    invitation: Invitation,
    version: SurveyVersion,
    channel: Channel,
    now: datetime,
    first: State | None = None,
    language: str | None = None,
) -> Response:
    """The invitation's one response, made when there is none yet; it may be called again.

    `first` and `language` are the flow's first state and the survey's language for this
    customer, where the caller has them already. The response belongs to the time and the
    touchpoint of the event that it is about.
    """
    if first is None or language is None:
        definition = definition_of(version)
        context = context_of(session, invitation, channel)
        first = first or start(definition, context).state
        language = language or definition.language_for(context.language)
    values = {**_first_values(invitation, version, now, first), "channel": channel}
    values["language"] = language
    statement = insert_into(session, Response).values(values)
    # either unique key may be hit first when two open it at once
    session.execute(statement.on_conflict_do_nothing())
    mine = select(Response).where(Response.invitation_id == invitation.id)
    return session.scalars(mine).one()


def _first_values(
    invitation: Invitation, version: SurveyVersion, now: datetime, state: State
) -> dict[str, Any]:
    happened = select(Event.occurred_at).where(Event.id == invitation.event_id).scalar_subquery()
    return {
        "workspace_id": invitation.workspace_id,
        "invitation_id": invitation.id,
        "customer_id": invitation.customer_id,
        "survey_id": invitation.survey_id,
        "version_id": version.id,
        "touchpoint_id": invitation.touchpoint_id,
        "source": SOURCE,
        "external_id": str(invitation.id),
        "status": ResponseStatus.OPEN.value,
        "state": state.to_json(),
        "occurred_at": func.coalesce(happened, invitation.created_at),
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

    Two statements, and one more when the first answer starts or the last one completes the
    invitation. A revised answer is to be scored anew. Whoever calls this commits before the
    customer hears that the answer was taken.
    """
    if step.saved:
        save_answers(session, response, definition, step.saved, channel, now)
    _save_state(session, response.id, step.state, now)
    if response.invitation_id is None:
        return
    if step.state.finished:
        move(session, Invitation, response.invitation_id, _COMPLETED, status_at=now)
        end_of_response(session, response.id, now)
    elif is_first(step):
        move(session, Invitation, response.invitation_id, _STARTED, status_at=now)


_COMPLETED, _STARTED = InvitationStatus.COMPLETED, InvitationStatus.STARTED


def is_first(step: Step) -> bool:
    """Whether all that was ever said was said in this step."""
    said = set(step.state.answers) | set(step.state.comments)
    return bool(said) and said == {saved.question for saved in step.saved}


def _save_state(session: Session, response_id: int, state: State, now: datetime) -> None:
    statement = _FINISHED if state.finished else _GOES_ON
    values = {"response": response_id, "new_state": state.to_json(), "now": now}
    session.connection().execute(statement, values)


# One UPDATE each: an abandoned response reopens, a finished one completes and stays so. On the
# table itself, and made once, because every answer on the web passes here.
_SAVED = (
    update(Response)
    .where(Response.id == bindparam("response"))
    .values(state=bindparam("new_state", type_=Response.state.type))
    .values(updated_at=bindparam("now", type_=Response.updated_at.type))
)
_FINISHED = _SAVED.values(
    status=ResponseStatus.COMPLETED.value,
    completed_at=func.coalesce(
        Response.completed_at, bindparam("now", type_=Response.updated_at.type)
    ),
)
_GOES_ON = _SAVED.values(
    status=case(
        (Response.status == ResponseStatus.ABANDONED.value, ResponseStatus.OPEN.value),
        else_=Response.status,
    )
)
