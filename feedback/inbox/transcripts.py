"""What was said in many exchanges at once, as their pages show it: two statements for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from feedback.inbox.exchanges import OUT_OF_NOWHERE, loose
from feedback.inbox.rows import exchange_id
from models.conversation import Conversation
from models.message import SERVICE_KINDS, Message

_KIN = sorted(set(SERVICE_KINDS) - set(OUT_OF_NOWHERE))
_NUMBER = tuple_(Message.sender, Message.address)


def transcripts(
    session: Session, workspace_id: int, rows: Iterable[Any]
) -> Mapping[str, Sequence[Message]]:
    """The messages of each exchange of the list, by its id, in order."""
    talks, numbers = [], {}
    for row in rows:
        if row.conversation_id is None:
            numbers[row.sender, row.address] = exchange_id(row)
        else:
            talks.append(row.conversation_id)
    found: dict[str, list[Message]] = defaultdict(list)
    mine = Message.workspace_id == workspace_id
    if talks:
        place = func.coalesce(Message.conversation_id, _begun())
        said = select(Message, place).where(mine, _in_talks(talks)).order_by(Message.id)
        for message, talk in session.execute(said):
            found[str(talk)].append(message)
    if numbers:
        beside = select(Message).where(mine, loose(Message), _NUMBER.in_(sorted(numbers)))
        for message in session.scalars(beside.order_by(Message.id)):
            found[numbers[message.sender, message.address]].append(message)
    return found


def _in_talks(talks: Collection[int]) -> ColumnElement[bool]:
    """Of these conversations; STOP and its kin stand with the one of their number begun last."""
    theirs = select(Conversation.sender, Conversation.address).where(Conversation.id.in_(talks))
    kin = and_(Message.kind.in_(_KIN), _NUMBER.in_(theirs), _begun().in_(talks))
    return or_(Message.conversation_id.in_(talks), and_(Message.conversation_id.is_(None), kin))


def _begun() -> ColumnElement[int]:
    return (
        select(Conversation.id)
        .where(
            Conversation.workspace_id == Message.workspace_id,
            Conversation.address == Message.address,
            Conversation.sender == Message.sender,
            Conversation.opened_at <= Message.created_at,
        )
        .order_by(Conversation.opened_at.desc(), Conversation.id.desc())
        .limit(1)
        .correlate(Message)
        .scalar_subquery()
    )
