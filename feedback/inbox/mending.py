"""Putting an answer of an exchange right: what can be chosen, and the words behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from feedback.inbox.one import Whole
from models.errors import NotFound
from models.response import Response
from models.survey import SurveyVersion
from surveys.answer_corrections import About, By, correct, undo
from surveys.flow_types import State
from surveys.put_right import Given, Said, stamp
from surveys.questions.registry import Question
from surveys.versions import definition_of, version_by_id


@dataclass(frozen=True)
class Mendable:
    """An answer that can be put right, or a question that somebody may have answered.

    `message` is what the customer wrote, None where it is not known; `seen` names this state.
    """

    question: Question
    said: Said | None
    message: str | None
    seen: str


def mendable(found: Whole, response: Response, version: SurveyVersion) -> list[Mendable]:
    """The answers of an exchange in their order, and the open question if it was misread."""
    definition = definition_of(version)
    state = State.from_json(response.state)
    rows = {answer.question: answer for answer in found.answers}
    corrected = {one.row.question for one in found.mended}
    open_one = {state.current} if state.current and state.unread else set()
    keys = [*rows, *sorted((corrected | open_one) - set(rows))]
    return [
        Mendable(
            question=definition.by_key[key],
            said=Said.of(rows.get(key)),
            message=_behind(found, state, key),
            seen=stamp(Said.of(rows.get(key))),
        )
        for key in keys
        if key in definition.by_key
    ]


def mend(
    session: Session,
    found: Whole,
    question: str,
    given: Given,
    by: By,
    reason: str,
    seen: str,
    now: datetime,
) -> int | None:
    """Put an answer of an exchange right and commit; the correction, None where it is so already.

    Raises NotFound where the exchange is no survey's, and what surveys.answer_corrections does.
    """
    response = _response(session, found)
    message = _behind(found, State.from_json(response.state), question)
    about = About(response.workspace_id, response.id, question, seen)
    return correct(session, about, given, message, by, reason, now)


def take_back(session: Session, found: Whole, correction: int, by: By, now: datetime) -> None:
    """Undo a correction of an exchange's answer and commit."""
    response = _response(session, found)
    undo(session, response.workspace_id, response.id, correction, by, now)


def mendables(session: Session, found: Whole) -> list[Mendable]:
    """What of an exchange can be put right; nothing where it answers no survey."""
    if found.exchange.conversation is None:
        return []
    response = _response(session, found)
    return mendable(found, response, version_by_id(session, response.version_id))


def _response(session: Session, found: Whole) -> Response:
    talk = found.exchange.conversation
    if talk is None:
        mend_ = "Correct what was understood of its comment instead."
        raise NotFound("this exchange answers no survey", mend=mend_)
    return session.get_one(Response, talk.response_id, populate_existing=True)


def _behind(found: Whole, state: State, question: str) -> str | None:
    """What the customer wrote: the reply it was read out of, or what was not understood."""
    bodies = _bodies(found, question)
    if not bodies and question == state.current:
        bodies = state.unread
    return "\n".join(bodies) or None


def _bodies(found: Whole, question: str) -> Sequence[str]:
    return [
        line.message.body
        for line in found.lines
        if any(answer.question == question for answer in line.read)
    ]
