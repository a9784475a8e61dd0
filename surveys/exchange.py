"""A reply in an open exchange: the flow goes one step on, and the next message is written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.status import InvitationStatus
from surveys import turns
from surveys.answer_rows import answer_values
from surveys.conversations import SILENCE
from surveys.exchange_sql import at_once, in_turn
from surveys.flow import advance
from surveys.flow_types import Again, Farewell, Prompt, Remark, Reply, Say, Step
from surveys.holding import SMS, Exchange
from surveys.outbox import Draft, put
from surveys.pages.writes import Kind
from surveys.responses import is_first
from surveys.services import Services
from surveys.sms_text import say_by_sms


def reply(
    session: Session,
    services: Services,
    exchange: Exchange,
    inbound_id: int,
    body: str,
    now: datetime,
) -> Step:
    """Take a reply: answers saved, next message written; the caller commits them together."""
    definition, state, context = exchange.definition, exchange.state, exchange.context
    step = advance(definition, state, Reply(body), context)
    goes_on = turns.goes_on(session, exchange.id, inbound_id, exchange.latest, step, now)
    if goes_on:
        step = advance(definition, state, Remark(body), context)
    _save(session, exchange, step, inbound_id, now)
    language = definition.language_for(context.language)
    text = say_by_sms(step.say, language, link=context.link)
    asked_already = goes_on and isinstance(step.say, Prompt) and step.state.current == state.current
    if text and not asked_already:
        put(session, _draft(services, exchange, step.say, inbound_id, text), now)
    return step


def _save(session: Session, exchange: Exchange, step: Step, inbound_id: int, now: datetime) -> None:
    """Write down what was said and where the customer stands, and whose message it was.

    The invitation starts with the first answer and completes with the last; the exchange ends
    with it, or its silence counts anew.
    """
    started = InvitationStatus.STARTED if is_first(step) else None
    done = step.state.finished
    kind = Kind(
        opens=False,
        finishes=done,
        answers=bool(step.saved),
        invitation=InvitationStatus.COMPLETED if done else started,
        ends_conversation=done,
    )
    values = _values(exchange, step, inbound_id, now)
    if session.get_bind().dialect.name == "postgresql":
        at_once(kind).first_in(session, values)
        return
    for statement in in_turn(kind):
        statement.run_in(session, values)


def _values(exchange: Exchange, step: Step, inbound_id: int, now: datetime) -> dict[str, Any]:
    values = {
        **exchange.place.named,
        "response_id": exchange.response_id,
        "seen_at": exchange.seen_at,
        "new_state": step.state.to_json(),
        "invitation_id": exchange.invitation_id,
        "conversation_id": exchange.id,
        "customer_id": exchange.customer_id,
        "inbound_id": inbound_id,
        "silent_at": now + SILENCE,
        "now": now,
    }
    for one in step.saved:  # a message answers one question at most
        values |= answer_values(exchange.definition, one, SMS, now)
    return values


def _draft(services: Services, exchange: Exchange, say: Say, inbound_id: int, text: str) -> Draft:
    kind, name = _named(say)
    return Draft(
        workspace_id=exchange.place.workspace_id,
        kind=kind,
        scope=f"in:{inbound_id}",
        step=name,
        sender=exchange.place.sender,
        address=exchange.place.address,
        body=text,
        provider=services.gateway.name,
        customer_id=exchange.customer_id,
        invitation_id=exchange.invitation_id,
        conversation_id=exchange.id,
    )


def _named(say: Say) -> tuple[str, str]:
    """A message's kind and the name of its step."""
    if isinstance(say, Prompt):
        return "question", f"q:{say.question.key}"
    if isinstance(say, Again):
        return "again", f"again:{say.prompt.question.key}"
    assert isinstance(say, Farewell)
    return "thanks", "thanks"
