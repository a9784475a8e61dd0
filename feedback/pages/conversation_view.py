"""An exchange put in order for its page: the thread with its events, the survey beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from feedback.handling import needed
from feedback.inbox.mended import GONE, Mended
from feedback.inbox.one import Held, Line, Whole
from feedback.pages.inbox_words import LAPSED, told
from feedback.pages.responses import question_texts
from models.customer import Customer
from models.invitation import Invitation
from models.message import Message
from models.reading import Comment
from models.response import Response
from models.survey import Survey, SurveyVersion
from models.takeover_status import TakeoverStatus
from surveys.asking_again import open_question
from surveys.consent import state_of
from surveys.handing_back import goes_on
from surveys.services import Services
from surveys.unprompted import SOURCE
from surveys.versions import definition_of


@dataclass(frozen=True)
class Moment:
    """One thing in a thread: a message, or an event in words."""

    at: datetime
    line: Line | None = None
    words: str = ""


def view(found: Whole, now: datetime) -> dict[str, Any]:
    """The thread in order, and a stamp that changes whenever it does."""
    said = [Moment(line.message.created_at, line) for line in found.lines]
    events = [one for held in found.takeovers for one in _events(held)]
    events += [one for mended in found.mended for one in _mended(mended)]
    moments = sorted([*said, *events], key=lambda one: (one.at, one.line is not None))
    return {"exchange": found.exchange, "moments": moments, "stamp": _stamp(found)}


def _events(held: Held) -> list[Moment]:
    begun = Moment(held.row.taken_at, words=f"{held.by or GONE} took over")
    if held.row.ended_at is None or held.row.status == TakeoverStatus.PASSED_ON:
        return [begun]
    by_itself = held.row.status == TakeoverStatus.LAPSED
    how = LAPSED if by_itself else f"Handed back by {held.ended_by or GONE}"
    return [begun, Moment(held.row.ended_at, words=how)]


def _mended(one: Mended) -> list[Moment]:
    change = f"{told(one.was)} \N{RIGHTWARDS ARROW} {told(one.said)}"
    begun = Moment(one.row.created_at, words=f"{one.by} put an answer right: {change}")
    if one.undone_at is None:
        return [begun]
    return [begun, Moment(one.undone_at, words=f"{one.undone_by} took that back")]


def _stamp(found: Whole) -> str:
    last = max((line.message.status_at for line in found.lines), default=None)
    parts = (
        len(found.lines),
        len(found.answers),
        len(found.takeovers),
        sum(2 if one.undone_at else 1 for one in found.mended),
        found.now.row.id if found.now else 0,
        int(last.timestamp() * 1000) if last else 0,
        found.lines[-1].message.status if found.lines else "",
    )
    return "-".join(map(str, parts))


def survey_of(session: Session, services: Services, found: Whole, now: datetime) -> dict[str, Any]:
    """Whom it is with, consent now, and what stands beside the messages of a survey."""
    number, talk = found.exchange.number, found.exchange.conversation
    customer = session.get(Customer, number.customer_id) if number.customer_id else None
    shared = {
        "customer": customer,
        "consent": state_of(session, number.workspace_id, number.address, number.sender),
        "survey": None,
        "next": None,
    }
    if talk is None:
        return shared
    invitation = session.get_one(Invitation, talk.invitation_id)
    response = session.get_one(Response, talk.response_id, populate_existing=True)
    version = session.get_one(SurveyVersion, response.version_id)
    held = found.now.row if found.now else None
    asks = held is not None and goes_on(held, talk, now)
    question = open_question(session, services, invitation, response) if asks else None
    return shared | {
        "survey": session.get_one(Survey, response.survey_id),
        "invitation": invitation,
        "response": response,
        "questions": question_texts(definition_of(version), customer),
        "next": question.prompt.text if question else None,
    }


def comments_of(session: Session, found: Whole) -> Sequence[Comment]:
    """What was understood of the words in it that should not wait."""
    talk = found.exchange.conversation
    keys = [_key(line.message) for line in found.lines if line.message.direction == "in"]
    texted = (Comment.source == SOURCE) & Comment.external_id.in_(keys)
    mine = or_(Comment.response_id == talk.response_id, texted) if talk else texted
    wanted = select(Comment).where(
        Comment.workspace_id == found.exchange.number.workspace_id, needed(), mine
    )
    return session.scalars(wanted.order_by(Comment.id)).all()


def _key(message: Message) -> str:
    return f"{message.provider}:{message.provider_id}"
