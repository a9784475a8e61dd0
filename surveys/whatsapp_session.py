"""The 24 hours after a customer's last message, in which WhatsApp takes words that are our own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.message import Message
from surveys.channels.addresses import is_whatsapp

SESSION = timedelta(hours=24)
# their clock counts from when they had the message, and ours has a way to go before it is there
MARGIN = timedelta(minutes=5)
OUTSIDE = "outside_session"
"""Why a message is held back: the day is over, and it was made from no template."""


def session_open(last_inbound: datetime | None, now: datetime) -> bool:
    """Whether words of our own may still be handed over, a few minutes kept in hand."""
    return last_inbound is not None and now < last_inbound + SESSION - MARGIN


def last_inbound(session: Session, workspace_id: int, sender: str, address: str) -> datetime | None:
    """When an address wrote to a sender last; by the index of its messages, newest first."""
    return session.scalar(
        select(Message.created_at)
        .where(
            Message.workspace_id == workspace_id,
            Message.address == address,
            Message.sender == sender,
            Message.direction == "in",
        )
        .order_by(Message.id.desc())
        .limit(1)
    )


def may_speak_freely(
    session: Session, workspace_id: int, sender: str, address: str, now: datetime
) -> bool:
    """Whether anything may be written to an address now: by SMS always, by WhatsApp for a day."""
    if not is_whatsapp(address):
        return True
    return session_open(last_inbound(session, workspace_id, sender, address), now)


class Waiting(Protocol):
    """A message that is about to leave, as far as its session matters."""

    @property
    def id(self) -> int:
        """Its row."""

    @property
    def workspace_id(self) -> int:
        """Whose it is."""

    @property
    def sender(self) -> str:
        """Where it leaves from."""

    @property
    def address(self) -> str:
        """Where it goes."""

    @property
    def from_template(self) -> bool:
        """Whether a template made it."""


def outside(session: Session, waiting: Iterable[Waiting], now: datetime) -> frozenset[int]:
    """Of these, the messages by WhatsApp in words of our own whose day is over, by one query."""
    free = [one for one in waiting if is_whatsapp(one.address) and not one.from_template]
    if not free:
        return frozenset()
    place = (Message.workspace_id, Message.sender, Message.address)
    latest = func.max(Message.created_at, type_=Message.created_at.type)
    rows = session.execute(
        select(*place, latest)
        .where(
            Message.workspace_id.in_({one.workspace_id for one in free}),
            Message.address.in_({one.address for one in free}),
            Message.direction == "in",
        )
        .group_by(*place)
    )
    wrote = {(workspace, sender, address): at for workspace, sender, address, at in rows}
    return frozenset(
        one.id
        for one in free
        if not session_open(wrote.get((one.workspace_id, one.sender, one.address)), now)
    )
