"""Looking for an exchange: by words, by a phone number or its last digits, by a customer's id.

Messages have no index of their words: words and last digits are looked for in the newest
messages only, and the answer says how far back that was. A whole number and a customer's id are
found by an index, however old.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from models.customer import Customer
from models.errors import InvalidInput
from models.message import Message
from surveys.channels.addresses import TALKS, address_on
from surveys.phones import normalise

LOOKED_AT = 20_000
MOST = 500
LONGEST = 200
_DIGITS = re.compile(r"[\d\s().+-]{3,24}")


@dataclass(frozen=True)
class Found:
    """The conversations and numbers (sender, address) with a match.

    `since` is how far back words were looked for, None where that was all; `more` says that
    there are more matches than are listed.
    """

    conversations: frozenset[int]
    numbers: frozenset[tuple[str, str]]
    since: datetime | None = None
    more: bool = False


def whole_number(text: str, region: str) -> str | None:
    """The phone number that a text is; None where it is none, or only the end of one."""
    try:
        return normalise(text, region)
    except InvalidInput:
        return None


def look(
    session: Session, workspace_id: int, region: str, text: str, looked_at: int = LOOKED_AT
) -> Found:
    """The exchanges in which something matches; words are looked for in so many messages."""
    wanted = text.strip()[:LONGEST]
    floor = session.execute(
        select(Message.id, Message.created_at)
        .where(Message.workspace_id == workspace_id)
        .order_by(Message.id.desc())
        .offset(looked_at)
        .limit(1)
    ).first()
    recent = _recent(wanted)
    conditions = [recent if floor is None else and_(Message.id > floor.id, recent)]
    address = whole_number(wanted, region)
    if address is not None:
        conditions.append(Message.address.in_(addresses_of(address)))
    customer = select(Customer.id).where(
        Customer.workspace_id == workspace_id, Customer.external_id == wanted
    )
    conditions.append(Message.customer_id.in_(customer))
    return _places(session, workspace_id, conditions, floor.created_at if floor else None)


def with_number(session: Session, workspace_id: int, message_id: int) -> Found:
    """The exchanges with the number of this message: a link that does not say the number."""
    message = session.get(Message, message_id)
    if message is None or message.workspace_id != workspace_id:
        return Found(frozenset(), frozenset())
    written = addresses_of(message.address)
    return _places(session, workspace_id, [Message.address.in_(written)], None)


def addresses_of(phone: str) -> list[str]:
    """How a phone is written by each channel."""
    return [address_on(channel, phone) for channel in TALKS]


def _recent(wanted: str) -> ColumnElement[bool]:
    """All words in one message, or the last digits of its number."""
    words = wanted.split() or [wanted]
    said = and_(*(Message.body.icontains(word, autoescape=True) for word in words))
    digits = re.sub(r"\D", "", wanted)
    if _DIGITS.fullmatch(wanted) and len(digits) >= 3:
        return or_(said, Message.address.endswith(digits, autoescape=True))
    return said


def _places(
    session: Session,
    workspace_id: int,
    conditions: list[ColumnElement[bool]],
    since: datetime | None,
) -> Found:
    """One statement a condition, each with the index that it has."""
    talks: set[int] = set()
    numbers: set[tuple[str, str]] = set()
    more = False
    for condition in conditions:
        rows = session.execute(
            select(Message.conversation_id, Message.sender, Message.address)
            .where(Message.workspace_id == workspace_id, condition)
            .order_by(Message.id.desc())
            .limit(MOST + 1)
        ).all()
        more |= len(rows) > MOST
        talks |= {row.conversation_id for row in rows[:MOST] if row.conversation_id is not None}
        numbers |= {(row.sender, row.address) for row in rows[:MOST] if row.conversation_id is None}
    return Found(frozenset(talks), frozenset(numbers), since, more)
