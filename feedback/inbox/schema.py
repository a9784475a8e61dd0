"""Exchanges as programs read them: personal data masked, numbers by their last digits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from feedback.inbox.one import Held, Line, Whole
from feedback.inbox.rows import exchange_id, state_of
from feedback.inbox.schema_mended import AnswerCorrectionOut, AnswerOut, answer_out, mended_out
from feedback.inbox.waiting import Waiting
from feedback.reporting.figures import Out
from models.customer import Customer
from nlp.redaction import redacted
from surveys.eligibility_facts import Consent

ExchangeFilter = Literal["waiting", "contact", "taken", "open", "ended", "expired", "unprompted"]
ExchangeState = Literal["waiting", "taken", "open", "ended", "expired", "unprompted"]


class ExchangeOut(Out):
    """One exchange by SMS: a survey's conversation, or what a number wrote out of nowhere.

    `state`: `waiting` (somebody wrote what should not wait), `taken` (a person talks in the
    survey's place, `held_by`), `open`, `ended`, `expired`, or `unprompted`. `wants_contact`:
    somebody asks to be contacted, and nobody has seen to it. `last_*` is of the newest message,
    `direction` seen from us.
    """

    id: str
    state: ExchangeState
    wants_contact: bool
    customer: str | None
    number_ends: str
    sender: str
    survey: str | None
    held_by: str | None
    opened_at: datetime | None
    ended_at: datetime | None
    last_direction: Literal["in", "out"]
    last_text: str
    last_status: str
    last_at: datetime


class ExchangesFound(Out):
    """A page of exchanges, the newest activity first; `next` goes in as `after`, null at the end.

    `since`: words and last digits were looked for in messages from then on; null: in all.
    """

    conversations: list[ExchangeOut]
    next: str | None
    since: datetime | None


class MessageOut(Out):
    """One SMS. `read_as` is what was read out of a reply; `by` who of the team wrote it."""

    id: str
    direction: Literal["in", "out"]
    kind: str
    text: str
    status: str
    error_code: str | None
    segments: int
    created_at: datetime
    status_at: datetime
    by: str | None
    read_as: list[AnswerOut]
    asked_again: bool


class TakeoverOut(Out):
    """Somebody of the team talked in the survey's place; `status` says how it ended."""

    by: str | None
    status: Literal["held", "handed_back", "passed_on", "lapsed"]
    taken_at: datetime
    until: datetime
    ended_at: datetime | None
    ended_by: str | None


class ExchangeWhole(Out):
    """An exchange with its messages, the survey's answers, consent now, and who took over.

    `corrections` are the answers that somebody put right, the oldest first.
    """

    id: str
    status: Literal["open", "ended", "expired"] | None
    customer: str | None
    number_ends: str
    sender: str
    consent: Literal["granted", "withdrawn", "none"]
    invitation: str | None
    response: str | None
    messages: list[MessageOut]
    answers: list[AnswerOut]
    takeovers: list[TakeoverOut]
    corrections: list[AnswerCorrectionOut]


def page_out(
    rows: Sequence[Any], more: bool, waits: Waiting, since: datetime | None
) -> ExchangesFound:
    """A page of the list; `more` says that older ones follow."""
    following = str(rows[-1].id) if more else None
    return ExchangesFound(
        conversations=[_row(row, waits) for row in rows], next=following, since=since
    )


def _row(row: Any, waits: Waiting) -> ExchangeOut:
    return ExchangeOut.model_validate(
        {
            "id": exchange_id(row),
            "state": state_of(row, waits),
            "wants_contact": waits.wants_contact(row.conversation_id, row.sender, row.address),
            "customer": row.Customer and redacted(row.Customer.external_id),
            "number_ends": row.address[-4:],
            "sender": row.sender,
            "survey": row.survey_key,
            "held_by": row.holder,
            "opened_at": row.opened_at,
            "ended_at": row.ended_at,
            "last_direction": row.direction,
            "last_text": redacted(row.body),
            "last_status": row.message_status,
            "last_at": row.created_at,
        }
    )


def whole_out(found: Whole, customer: Customer | None, consent: Consent) -> ExchangeWhole:
    """One exchange."""
    talk, number = found.exchange.conversation, found.exchange.number
    return ExchangeWhole.model_validate(
        {
            "id": found.exchange.id,
            "status": talk.status if talk else None,
            "customer": redacted(customer.external_id) if customer else None,
            "number_ends": number.address[-4:],
            "sender": number.sender,
            "consent": consent.value,
            "invitation": str(talk.invitation_id) if talk else None,
            "response": str(talk.response_id) if talk else None,
            "messages": [_message(line) for line in found.lines],
            "answers": [answer_out(one) for one in found.answers],
            "takeovers": [_takeover(one) for one in found.takeovers],
            "corrections": [mended_out(one) for one in found.mended],
        }
    )


def _message(line: Line) -> dict[str, Any]:
    one = line.message
    names = ("direction", "kind", "status", "error_code", "segments", "created_at", "status_at")
    return {name: getattr(one, name) for name in names} | {
        "id": str(one.id),
        "text": redacted(one.body),
        "by": line.by,
        "read_as": [answer_out(answer) for answer in line.read],
        "asked_again": line.misread,
    }


def _takeover(one: Held) -> dict[str, Any]:
    names = ("status", "taken_at", "until", "ended_at")
    return {name: getattr(one.row, name) for name in names} | {
        "by": one.by,
        "ended_by": one.ended_by,
    }
