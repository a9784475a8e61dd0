"""Taking one answer from a page: advanced, saved and committed in one go, or tried afresh."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models.errors import Conflict
from models.status import ResponseStatus
from surveys.flow import Input, Saved, State, Step, advance
from surveys.pages import statements as sql
from surveys.pages.lane import Lane
from surveys.pages.store import Visit, load
from surveys.responses import SOURCE

TRIES = 5
CHANNEL = "web"


def take(lane: Lane, token: str, visit: Visit, given: Input, now: datetime) -> Step:
    """Advance the survey by one input; what it saved is committed when this returns.

    When another tab, or an SMS, changed the response since it was read, the input is taken
    again on top of what is there now.
    """
    for _ in range(TRIES):
        before = visit.state or State()
        step = advance(visit.definition, before, given, visit.context)
        if not step.saved and step.state.passed == before.passed:
            return step
        if _saved(lane, visit, step, now):
            lane.commit()
            return step
        lane.rollback()
        visit = load(lane, token) or visit
    raise Conflict("the answer could not be saved just now", mend="Please send it once more.")


def _saved(lane: Lane, visit: Visit, step: Step, now: datetime) -> bool:
    """Write the step down; False, and nothing written, when somebody else was quicker."""
    response_id = _response(lane, visit, step.state, now)
    if response_id is None:
        return False
    for one in step.saved:
        lane.run(sql.ANSWER, _answer(visit, response_id, one, now))
    _follow(lane, visit, response_id, step, now)
    return True


def _response(lane: Lane, visit: Visit, state: State, now: datetime) -> int | None:
    """The response with its new state; None when it is no longer as it was read."""
    if visit.response_id is None:
        opened = lane.first(sql.OPEN, _opening(visit, state, now))
        return int(opened[0]) if opened else None
    values = {
        "response_id": visit.response_id,
        "seen_at": visit.seen_at,
        "new_state": state.to_json(),
        "now": now,
    }
    done = lane.run(sql.FINISH if state.finished else sql.GO_ON, values)
    return visit.response_id if done == 1 else None


def _opening(visit: Visit, state: State, now: datetime) -> dict[str, Any]:
    status = ResponseStatus.COMPLETED if state.finished else ResponseStatus.OPEN
    return {
        "workspace_id": visit.workspace_id,
        "invitation_id": visit.invitation_id,
        "customer_id": visit.customer_id,
        "survey_id": visit.survey_id,
        "version_id": visit.version_id,
        "touchpoint_id": visit.touchpoint_id,
        "channel": CHANNEL,
        "language": visit.definition.language_for(visit.context.language),
        "source": SOURCE,
        "external_id": str(visit.invitation_id),
        "status": status.value,
        "state": state.to_json(),
        "occurred_at": visit.occurred_at,
        "started_at": now,
        "updated_at": now,
        "completed_at": now if state.finished else None,
    }


def _answer(visit: Visit, response_id: int, saved: Saved, now: datetime) -> dict[str, Any]:
    value = list(saved.value) if isinstance(saved.value, tuple) else saved.value
    return {
        "workspace_id": visit.workspace_id,
        "response_id": response_id,
        "question": saved.question,
        "type": visit.definition.by_key[saved.question].type,
        "value": {"value": value},
        "comment": saved.comment,
        "channel": CHANNEL,
        "answered_at": now,
    }


def _follow(lane: Lane, visit: Visit, response_id: int, step: Step, now: datetime) -> None:
    """The invitation starts with the first answer and completes with the last."""
    mine = {"invitation_id": visit.invitation_id, "now": now}
    if step.state.finished:
        lane.run(sql.COMPLETED, mine)
        if visit.channel != CHANNEL:
            lane.run(sql.END_CONVERSATION, {"this_response": response_id, "now": now})
    elif not visit.answered:
        lane.run(sql.STARTED, mine)
