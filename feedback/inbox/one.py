"""One exchange whole: what was said, what was read out of it, and who talked in between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from feedback.inbox.exchanges import Exchange, messages_of
from feedback.inbox.mended import Mended, mended_of
from models.message import Message
from models.response import Answer
from models.takeover import Takeover
from models.workspace import User
from surveys.channels.addresses import TALKS
from surveys.held import holder
from surveys.inbox import KIND as REPLY


@dataclass(frozen=True)
class Line:
    """A message, the answers that were read out of it, and who of the team wrote it.

    `misread` says that it was taken for no answer and the question was asked again.
    """

    message: Message
    read: Sequence[Answer] = ()
    misread: bool = False
    by: str | None = None


@dataclass(frozen=True)
class Held:
    """A take-over with the people in it, by their e-mail addresses; None where they left."""

    row: Takeover
    by: str | None
    ended_by: str | None


@dataclass(frozen=True)
class Whole:
    """An exchange with all that belongs to it; `now` is the take-over that is held.

    `mended` are the answers that people put right.
    """

    exchange: Exchange
    lines: Sequence[Line]
    answers: Sequence[Answer]
    takeovers: Sequence[Held]
    now: Held | None = field(default=None)
    mended: Sequence[Mended] = ()


def whole(session: Session, exchange: Exchange) -> Whole:
    """Read an exchange in a few statements."""
    answers = _answers(session, exchange)
    messages, takeovers = messages_of(session, exchange), takeovers_of(session, exchange)
    number = exchange.number
    held = holder(session, number.workspace_id, number.sender, number.address)
    now = next((one for one in takeovers if held is not None and one.row.id == held.id), None)
    talk = exchange.conversation
    mended = mended_of(session, talk.response_id) if talk else ()
    return Whole(exchange, _lines(messages, answers, takeovers), answers, takeovers, now, mended)


def takeovers_of(session: Session, exchange: Exchange) -> list[Held]:
    """Who took this number over and when, the first first; of this exchange, or held now."""
    number = exchange.number
    rows = session.scalars(
        select(Takeover)
        .where(
            Takeover.workspace_id == number.workspace_id,
            Takeover.sender == number.sender,
            Takeover.address == number.address,
            or_(
                Takeover.conversation_id == number.conversation_id
                if number.conversation_id
                else Takeover.conversation_id.is_(None),
                Takeover.status == "held",
            ),
        )
        .order_by(Takeover.id)
        .execution_options(populate_existing=True)
    ).all()
    people = {one for row in rows for one in (row.user_id, row.ended_by) if one is not None}
    found = session.execute(select(User.id, User.email).where(User.id.in_(people)))
    names = {row.id: row.email for row in found}
    return [Held(row, names.get(row.user_id or 0), names.get(row.ended_by or 0)) for row in rows]


def _answers(session: Session, exchange: Exchange) -> Sequence[Answer]:
    if exchange.conversation is None:
        return ()
    mine = select(Answer).where(Answer.response_id == exchange.conversation.response_id)
    return session.scalars(mine.order_by(Answer.id).execution_options(populate_existing=True)).all()


def _lines(
    messages: Sequence[Message], answers: Sequence[Answer], takeovers: Sequence[Held]
) -> list[Line]:
    read = _read(messages, answers)
    asked_again = {one.dedupe_scope for one in messages if one.kind == "again"}
    return [
        Line(
            message=one,
            read=read[one.id],
            misread=not read[one.id] and f"in:{one.id}" in asked_again,
            by=_writer(one, takeovers) if _by_person(one) else None,
        )
        for one in messages
    ]


def _read(messages: Sequence[Message], answers: Sequence[Answer]) -> dict[int, list[Answer]]:
    """Which answers were read out of which reply: the latest that had come by then."""
    replies = [one for one in messages if one.direction == "in" and one.kind == REPLY]
    read: dict[int, list[Answer]] = defaultdict(list)
    for answer in answers:
        before = [one for one in replies if one.created_at <= answer.answered_at]
        if answer.channel in TALKS and before:
            read[before[-1].id].append(answer)
    return read


def _by_person(one: Message) -> bool:
    return one.direction == "out" and one.kind == "person"


def _writer(one: Message, takeovers: Sequence[Held]) -> str | None:
    """Who held the number when a message was written."""
    at: datetime = one.created_at
    held = [
        two
        for two in takeovers
        if two.row.taken_at <= at and (two.row.ended_at is None or at <= two.row.ended_at)
    ]
    return held[-1].by if held else None
