"""Answers put right by people: written down for good, in the place of what was read, and undone.

What the customer wrote is never touched. The answer's row says what counts, so that scores and
reports follow as after any new answer; the response's state says it too, so that the survey goes
on from it and a later remark does not bring the misreading back. The customer's own later answer
to the question stands over a correction, as it stands over what they said before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.answer_correction import AnswerCorrection
from models.errors import Conflict, InvalidInput, NotFound
from models.response import Answer, Response
from surveys.correction_rows import CORRECTED, UNDONE, corrections_of, standing
from surveys.flow_types import State
from surveys.locking import lock
from surveys.put_right import Given, Said, checked_reason, followed, kept, put_right, stamp
from surveys.questions.registry import Question
from surveys.versions import definition_of, version_by_id

# whoever reads an answer or a response before and writes after sees by its time that it changed;
# a microsecond tells that, and still says when the customer answered
_TOUCH = timedelta(microseconds=1)


@dataclass(frozen=True)
class By:
    """Who corrects: somebody who is signed in, or whom a program names."""

    user_id: int | None = None
    name: str | None = None


@dataclass(frozen=True)
class About:
    """Which answer, as somebody saw it: `seen` is its stamp (surveys.put_right.stamp)."""

    workspace_id: int
    response_id: int
    question: str
    seen: str


def correct(
    session: Session,
    about: About,
    given: Given,
    message: str | None,
    by: By,
    reason: str,
    now: datetime,
) -> int | None:
    """Put an answer right and commit; the new row's id, None where it is so already.

    `message` is what the customer wrote, where it is known. Raises Conflict where the answer is
    not as it was seen, InvalidInput where the question has no such answer.
    """
    why = checked_reason(reason)
    response, question = _held(session, about.workspace_id, about.response_id, about.question)
    row = _answer(session, response, question)
    before, was = Said.of(row), _kept(row)
    if stamp(before) != about.seen:
        session.rollback()
        mend = "Look at it as it is now, and correct it again if it is still wrong."
        raise Conflict("this answer changed while you looked, so nothing was saved", mend=mend)
    try:
        after = put_right(question, before, given, message)
    except InvalidInput:
        session.rollback()
        raise
    if after == before:
        session.rollback()
        return None
    written = _write(session, response, question, row, after, {}, now)
    made = {"kind": CORRECTED, "reason": why, "was": was, "said": _kept(written)}
    added = AnswerCorrection(**_common(response, question.key, by, now), **made)
    session.add(added)
    session.commit()
    return added.id


def undo(
    session: Session, workspace_id: int, response_id: int, wanted: int, by: By, now: datetime
) -> None:
    """Take the latest correction of an answer back and commit; twice is once.

    Raises Conflict where a later one stands, or where the customer has answered since.
    """
    found = session.get(AnswerCorrection, wanted)
    if found is None or found.response_id != response_id or found.kind != CORRECTED:
        raise NotFound("there is no such correction", mend="Choose one of the conversation's.")
    response, question = _held(session, workspace_id, response_id, found.question)
    rows = corrections_of(session, response.id)
    if any(row.undoes_id == found.id for row in rows):
        session.rollback()
        return
    row = _answer(session, response, question)
    latest = standing(rows, question.key)[-1]
    if latest.id != found.id or Said.of(row) != Said.from_json(found.said):
        session.rollback()
        raise Conflict("something newer stands over this correction", mend="Look at it again.")
    _write(session, response, question, row, Said.from_json(found.was), found.was, now)
    undone = {"kind": UNDONE, "reason": "", "was": found.said, "said": found.was}
    common = _common(response, question.key, by, now)
    session.add(AnswerCorrection(**common, **undone, undoes_id=found.id))
    session.commit()


def _held(
    session: Session, workspace_id: int, response_id: int, key: str
) -> tuple[Response, Question]:
    """The response, held until the transaction ends, and the question in its version."""
    response = lock(session, Response, response_id)
    if response is None or response.workspace_id != workspace_id:
        session.rollback()
        raise NotFound("there is no such response", mend="Choose one from the list.")
    definition = definition_of(version_by_id(session, response.version_id))
    question = definition.by_key.get(key)
    if question is None:
        session.rollback()
        raise NotFound("this survey has no such question", mend="Choose one of its questions.")
    return response, question


def _answer(session: Session, response: Response, question: Question) -> Answer | None:
    mine = select(Answer).where(Answer.response_id == response.id, Answer.question == question.key)
    return session.scalars(mine.execution_options(populate_existing=True)).one_or_none()


def _write(
    session: Session,
    response: Response,
    question: Question,
    row: Answer | None,
    said: Said | None,
    first: Mapping[str, Any],
    now: datetime,
) -> Answer | None:
    """The answer and the response's state as they count from now on; to be scored anew.

    `first` says how the answer came, where a row that is gone is written again.
    """
    state = State.from_json(response.state)
    response.state = followed(state, question.key, said).to_json()
    response.updated_at += _TOUCH
    if said is None:
        if row is not None:
            session.execute(delete(Answer).where(Answer.id == row.id))
        return None
    if row is None:
        came = first.get("answered_at")
        row = Answer(
            workspace_id=response.workspace_id,
            response_id=response.id,
            question=question.key,
            type=question.type,
            channel=first.get("channel", response.channel),
            answered_at=datetime.fromisoformat(came) if came else now,
        )
        session.add(row)
    row.value, row.comment = {"value": said.to_json()["value"]}, said.comment
    row.scored_at, row.answered_at = None, row.answered_at + _TOUCH
    return row


def _kept(row: Answer | None) -> dict[str, Any]:
    """An answer, or that there was none, and how it came."""
    if row is None:
        return {}
    return {
        **kept(Said.of(row)),
        "channel": row.channel,
        "answered_at": row.answered_at.isoformat(),
    }


def _common(response: Response, question: str, by: By, now: datetime) -> dict[str, object]:
    return {
        "workspace_id": response.workspace_id,
        "response_id": response.id,
        "question": question,
        "user_id": by.user_id,
        "told_by": by.name,
        "created_at": now,
    }
