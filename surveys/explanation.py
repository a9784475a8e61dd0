"""Why an invitation was sent, waits, or was refused: its whole story in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import invitation as tables
from models.customer import Customer
from models.errors import NotFound
from models.event import Event
from models.invitation import Invitation
from models.message import Message
from models.response import Answer, Response
from models.status import InvitationStatus, MessageStatus
from models.survey import Survey, Trigger
from surveys.channels.addresses import EMAIL
from surveys.channels.errors import known
from surveys.eligibility import WORDS, Ask, Decision, Facts, Refuse, Rule, Seen, Wait, trace
from surveys.eligibility import explain as in_words
from surveys.eligibility_facts import moment
from surveys.overdue import given_up

S = InvitationStatus
NOW: dict[InvitationStatus, str] = {
    S.SCHEDULED: "it waits until it is due",
    S.SENDING: "its first message is on its way out",
    S.SENT: "it was sent, and is not answered yet",
    S.DELIVERED: "it arrived, and is not answered yet",
    S.STARTED: "the customer has begun to answer",
    S.COMPLETED: "the customer has answered everything",
    S.SUPPRESSED: "it is not sent",
    S.CANCELLED: "it was called off",
    S.FAILED: "its message could not be delivered",
    S.EXPIRED: "its time is over",
    S.UNKNOWN: "nobody knows whether its message left; the provider is being asked",
}
UNKNOWN_BY_MAIL = "nobody knows whether its e-mail left: no mail server can be asked"
_KINDS = {
    "event": "Trigger",
    "date": "Trigger by a date",
    "recurring": "Recurring trigger",
    "campaign": "Campaign",
}


def explanation(session: Session, invitation_id: int, now: datetime) -> list[str]:
    """The story of an invitation, a sentence a line; NotFound when there is none.

    The customer is named by external id alone: no phone number stands in it.
    """
    invitation = session.get(Invitation, invitation_id)
    if invitation is None:
        mend = "Use an id that `waymark invite` or the Invitations page shows."
        raise NotFound(f"there is no invitation {invitation_id}", field="invitation", mend=mend)
    return [
        *_origin(session, invitation),
        *_decisions(session, invitation),
        *_rules(session, invitation.id),
        *_messages(session, invitation),
        *_answers(session, invitation),
        _now(invitation, now),
    ]


def _origin(session: Session, invitation: Invitation) -> Iterator[str]:
    survey = session.get_one(Survey, invitation.survey_id)
    customer = session.get_one(Customer, invitation.customer_id)
    whom = f"customer {customer.external_id!r} the survey {survey.key!r} by {invitation.channel}"
    yield f"Invitation {invitation.id} offers {whom}."
    event = session.get(Event, invitation.event_id) if invitation.event_id else None
    created = invitation.created_at
    trigger = session.get(Trigger, invitation.trigger_id) if invitation.trigger_id else None
    if event is None and invitation.period is None:
        yield f"It was made by hand, {moment(invitation.created_at)}."
        return
    if event is not None:
        yield f"Event: {event.name!r} happened {moment(event.occurred_at)}."
    key = repr(trigger.key) if trigger else "since deleted"
    yield f"{_KINDS[trigger.kind if trigger else 'event']}: {key} fired {moment(created)}."


def _decisions(session: Session, invitation: Invitation) -> Iterator[str]:
    taken = select(tables.Decision).where(tables.Decision.invitation_id == invitation.id)
    for row in session.scalars(taken.order_by(tables.Decision.id)):
        rule = f" [{row.rule}]" if row.rule else ""
        yield f"Decision, {moment(row.decided_at)}: {in_words(_read(row))}{rule}"


def _rules(session: Session, invitation_id: int) -> Iterator[str]:
    """Every rule in order with what it saw, when it was decided last."""
    taken = select(tables.Decision).where(tables.Decision.invitation_id == invitation_id)
    last = session.scalars(taken.order_by(tables.Decision.id.desc()).limit(1)).first()
    if last is None:
        return
    yield f"The rules, {moment(last.decided_at)}:"
    for number, seen in enumerate(rules_of(last), 1):
        yield f"  {number:2} {seen.name}: {_MARKS[seen.objects]}, {seen.saw}"


_MARKS: Mapping[bool | None, str] = {False: "passed", True: "objected", None: "not reached"}


def rules_of(row: tables.Decision) -> list[Seen]:
    """Every rule in order with what it saw, from the facts a decision was stored with.

    Where an event had no date to count from, none was asked.
    """
    if row.rule == Rule.NO_DATE.value:
        return [Seen(row.rule, row.detail, True)]
    return list(trace(Facts.from_json(row.facts), row.decided_at))


def _read(row: tables.Decision) -> Decision:
    """A stored decision as the engine gave it."""
    if row.rule is None:
        return Ask()
    if row.until is not None:
        return Wait(row.until, Rule(row.rule), row.detail)
    return Refuse(Rule(row.rule), row.detail)


def _messages(session: Session, invitation: Invitation) -> Iterator[str]:
    exchanged = select(Message).where(Message.invitation_id == invitation.id)
    for row in session.scalars(exchanged.order_by(Message.id)):
        way = "to the customer" if row.direction == "out" else "from the customer"
        error = _error(row.error_code)
        tries = f", {row.attempts} tries" if row.attempts > 1 else ""
        since = moment(row.status_at)
        by = f" by the fall-back {row.via}" if row.via else ""
        none = ", and no receipt ever came" if given_up(row.status, row.asked) else ""
        what = f"Message {row.id} {way}{by} ({row.kind})"
        yield f"{what}: {row.status} since {since}{_waits(row)}{tries}{error}{none}."


def _waits(row: Message) -> str:
    if row.status != MessageStatus.PENDING.value or row.not_before is None:
        return ""
    return f", to leave from {moment(row.not_before)} on"


def _error(code: str | None) -> str:
    words = known(code).words
    return f", {words} ({code})" if words else f", error {code}" if code else ""


def _answers(session: Session, invitation: Invitation) -> Iterator[str]:
    given = (
        select(Answer.question, Answer.channel, Answer.answered_at)
        .join(Response, Response.id == Answer.response_id)
        .where(Response.invitation_id == invitation.id)
        .order_by(Answer.answered_at, Answer.id)
    )
    for question, channel, answered_at in session.execute(given):
        yield f"Answer to {question!r} by {channel}, {moment(answered_at)}."


def _now(invitation: Invitation, now: datetime) -> str:
    status = InvitationStatus(invitation.status)
    by_mail = status is S.UNKNOWN and invitation.channel == EMAIL
    words = UNKNOWN_BY_MAIL if by_mail else NOW[status]
    told = f"Now ({moment(now)}): {status.value}, {words}"
    if status is S.SCHEDULED:
        return f"{told}, {moment(invitation.due_at)}."
    return f"{told}{_because(invitation.rule)}."


def _because(rule: str | None) -> str:
    if rule is None:
        return ""
    return f", because {WORDS[Rule(rule)]} [{rule}]" if rule in set(Rule) else f" [{rule}]"
