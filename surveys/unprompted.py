"""An SMS out of nowhere: kept as a comment, and thanked for once."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models.event import Event
from models.message import Message
from models.reading import Comment
from surveys.arrivals import Arrival
from surveys.channels.addresses import is_number
from surveys.outbox import Draft, put
from surveys.services import Services
from surveys.sms_text import service_text
from surveys.upsert import insert_into

THANKS_REST, AFTER_THANKS = timedelta(hours=24), timedelta(hours=1)
RECENT = timedelta(days=30)
SOURCE = "sms"


def keep(session: Session, message: Message, now: datetime) -> None:
    """Keep an inbound message as a comment of whoever has this number.

    It belongs to the touchpoint of the customer's latest event in 30 days; where there is
    none, `attached_by` says why.
    """
    customer_id = message.customer_id
    touchpoint_id, attached_by = _attach(session, customer_id, now)
    values = {
        "workspace_id": message.workspace_id,
        "customer_id": customer_id,
        "touchpoint_id": touchpoint_id,
        "attached_by": attached_by,
        "source": SOURCE,
        "external_id": f"{message.provider}:{message.provider_id}",
        "text": message.body,
        "text_hash": hashlib.sha256(message.body.encode()).hexdigest(),
        "occurred_at": now,
        "created_at": now,
        "read_state": "waiting",
    }
    statement = insert_into(session, Comment).values(values)
    session.execute(statement.on_conflict_do_nothing())


def _attach(session: Session, customer_id: int | None, now: datetime) -> tuple[int | None, str]:
    if customer_id is None:
        return None, "none:unknown_number"
    latest = session.execute(
        select(Event.touchpoint_id)
        .where(
            Event.customer_id == customer_id,
            Event.occurred_at <= now,
            Event.occurred_at > now - RECENT,
        )
        .order_by(Event.occurred_at.desc(), Event.id.desc())
        .limit(1)
    ).one_or_none()
    if latest is None:
        return None, "none:no_recent_event"
    if latest.touchpoint_id is None:
        return None, "none:event_without_touchpoint"
    return latest.touchpoint_id, "latest_event"


def thank(session: Session, services: Services, arrival: Arrival, now: datetime) -> None:
    """Say thanks, but not right after an exchange ended, whose thanks are still fresh.

    Nor twice in a day: two machines would thank each other for ever.
    """
    message, workspace = arrival.message, arrival.workspace
    if not is_number(message.address):
        return
    just = and_(Message.kind == "thanks", Message.created_at > now - AFTER_THANKS)
    lately = and_(Message.kind == "unprompted", Message.created_at > now - THANKS_REST)
    thanked = session.scalar(
        select(Message.id)
        .where(
            Message.workspace_id == workspace.id,
            Message.address == message.address,
            Message.direction == "out",
            or_(just, lately),
        )
        .limit(1)
    )
    if thanked is not None:
        return
    locales = (arrival.language, workspace.default_locale)
    draft = Draft(
        workspace_id=workspace.id,
        kind="unprompted",
        scope=f"in:{message.id}",
        step="unprompted",
        sender=arrival.sender,
        address=message.address,
        body=service_text("unprompted", locales, workspace.company),
        provider=services.gateway.name,
        customer_id=message.customer_id,
        via=arrival.via,
    )
    put(session, draft, now)
