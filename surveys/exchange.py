"""A reply in an open exchange: the flow goes one step on, and the next message is written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from surveys import turns
from surveys.arrivals import Inbound
from surveys.conversations import SILENCE
from surveys.exchange_sql import ALIVE, HEARD, STORE
from surveys.flow import advance
from surveys.flow_types import Again, Farewell, Prompt, Remark, Reply, Say, Step
from surveys.holding import Exchange
from surveys.inbox import row, storable
from surveys.outbox import Draft, put
from surveys.responses import save_step
from surveys.services import Services
from surveys.sms_text import say_by_sms


def reply(
    session: Session,
    services: Services,
    exchange: Exchange,
    inbound: Inbound,
    now: datetime,
) -> tuple[int, Step] | None:
    """Take a reply: it is kept, its answers are saved, the next message is written.

    The caller commits them together. Its row's id, and what the survey made of it; None where
    the same message was taken meanwhile.
    """
    inbound_id = _heard(session, exchange, inbound, now)
    if inbound_id is None:
        return None
    body = storable(inbound.body)
    definition, state, context = exchange.definition, exchange.state, exchange.context
    step = read(exchange, body, inbound.button)
    goes_on = turns.goes_on(session, exchange.id, inbound_id, exchange.latest, step, now)
    if goes_on:
        step = advance(definition, state, Remark(body), context)
    save_step(session, exchange.response, definition, step, exchange.place.channel, now)
    text = say_by_sms(step.say, exchange.language, link=context.link)
    asked_already = goes_on and isinstance(step.say, Prompt) and step.state.current == state.current
    if text and not asked_already:
        put(session, _draft(services, exchange, step.say, inbound_id, text), now)
    return inbound_id, step


def read(exchange: Exchange, body: str, button: str | None) -> Step:
    """What the survey makes of a reply; of a tapped button by what it says, else what it means."""
    about = exchange.definition, exchange.state
    step = advance(*about, Reply(body), exchange.context)
    if not isinstance(step.say, Again) or not button:
        return step
    meant = advance(*about, Reply(storable(button)), exchange.context)
    return step if isinstance(meant.say, Again) else meant


def _heard(session: Session, exchange: Exchange, inbound: Inbound, now: datetime) -> int | None:
    """Keep the message as the exchange's; its row's id, None where it is kept already."""
    place = exchange.place
    values = {
        **row(inbound, place.workspace_id, place.sender, place.via, now),
        "conversation_id": exchange.id,
        "customer_id": exchange.customer_id,
        "invitation_id": exchange.invitation_id,
        "silent_at": now + SILENCE,
    }
    if session.get_bind().dialect.name == "postgresql":
        made = HEARD.first_in(session, values)
    else:
        ALIVE.run_in(session, values)
        made = STORE.first_in(session, values)
    return None if made is None else int(made[0])


def _draft(services: Services, exchange: Exchange, say: Say, inbound_id: int, text: str) -> Draft:
    kind, name = named(say)
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
        via=exchange.place.via,
    )


def named(say: Say) -> tuple[str, str]:
    """A message's kind and the name of its step."""
    if isinstance(say, Prompt):
        return "question", f"q:{say.question.key}"
    if isinstance(say, Again):
        return "again", f"again:{say.prompt.question.key}"
    assert isinstance(say, Farewell)
    return "thanks", "thanks"
