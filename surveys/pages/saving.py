"""Taking one answer from a page: advanced, saved and committed in one go, or tried afresh."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from models.errors import Conflict
from models.status import InvitationStatus, ResponseStatus
from surveys.answer_rows import answer_values
from surveys.flow import Input, State, Step, advance
from surveys.pages import writes as sql
from surveys.pages.lane import Lane
from surveys.pages.store import Visit, load
from surveys.responses import SOURCE

TRIES = 5
CHANNEL: Literal["web"] = "web"


@dataclass(frozen=True)
class Taken:
    """What the survey says next, and the visit as it is now."""

    step: Step
    visit: Visit


def take(
    lane: Lane, token: str, visit: Visit, given: Input, now: datetime, remembered: bool = False
) -> Taken | None:
    """Advance the survey by one input; what it saved is committed when this returns.

    When another tab, or an SMS, changed the response since it was read, the input is taken
    again on top of what is there now. None when the link's rows are gone meanwhile.
    """
    known: Visit | None = visit
    for _ in range(TRIES):
        if known is None:
            return None
        before = known.state or State()
        step = advance(known.definition, before, given, known.context)
        if step.saved or step.state.passed != before.passed:
            after = _saved(lane, known, step, now, remembered)
        else:
            after = None if remembered else known
        if after is not None:
            return Taken(step, after)
        known, remembered = load(lane, token), False
    raise Conflict("the answer could not be saved just now", mend="Please send it once more.")


def _saved(lane: Lane, visit: Visit, step: Step, now: datetime, remembered: bool) -> Visit | None:
    """Write the step down for good; None, and nothing written, when somebody was quicker."""
    kind, values = _kind(visit, step), _values(visit, step, now)
    try:
        response_id = _written(lane, kind, values)
    except lane.refusal:
        if not remembered:
            raise
        response_id = None  # what was remembered has been erased since
    if response_id is None:
        lane.rollback()
        return None
    return visit.after(step.state, response_id, now)


def _written(lane: Lane, kind: sql.Kind, values: dict[str, Any]) -> int | None:
    """The id of the response that was written, with all that hangs on it; else None."""
    if lane.one_statement:
        row = lane.first(sql.at_once(kind), values)
        return row[0] if row is not None else None
    if not _response(lane, kind, values):
        return None
    for part in sql.parts(kind):
        lane.run(part, values)
    lane.commit()
    response_id: int = values["response_id"]
    return response_id


def _response(lane: Lane, kind: sql.Kind, values: dict[str, Any]) -> bool:
    """The response with its new state; False when it is no longer as it was read."""
    if not kind.opens:
        return lane.run(sql.going_on(kind), values) == 1
    opened = lane.first(sql.OPEN, values)
    if opened is not None:
        values["response_id"] = opened[0]
    return opened is not None


def _kind(visit: Visit, step: Step) -> sql.Kind:
    """The invitation starts with the first answer and completes with the last."""
    follows = InvitationStatus.COMPLETED if step.state.finished else InvitationStatus.STARTED
    return sql.Kind(
        opens=visit.response_id is None,
        finishes=step.state.finished,
        answers=bool(step.saved),
        invitation=follows if step.state.finished or not visit.answered else None,
        ends_conversation=step.state.finished and visit.channel != CHANNEL,
    )


def _values(visit: Visit, step: Step, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {
        "workspace_id": visit.workspace_id,
        "invitation_id": visit.invitation_id,
        "channel": CHANNEL,
        "now": now,
        "new_state": step.state.to_json(),
    }
    if visit.response_id is None:
        values |= _opening(visit, step.state, now)
    else:
        values |= {"response_id": visit.response_id, "seen_at": visit.seen_at}
    for one in step.saved:  # a form gives one answer at most
        values |= answer_values(visit.definition, one, CHANNEL, now)
    return values


def _opening(visit: Visit, state: State, now: datetime) -> dict[str, Any]:
    status = ResponseStatus.COMPLETED if state.finished else ResponseStatus.OPEN
    return {
        "customer_id": visit.customer_id,
        "survey_id": visit.survey_id,
        "version_id": visit.version_id,
        "touchpoint_id": visit.touchpoint_id,
        "language": visit.definition.language_for(visit.context.language),
        "source": SOURCE,
        "external_id": str(visit.invitation_id),
        "status": status.value,
        "occurred_at": visit.occurred_at,
        "started_at": now,
        "updated_at": now,
        "completed_at": now if state.finished else None,
    }
