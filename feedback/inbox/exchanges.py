"""Exchanges by their ids: a survey's conversation, or all that a number wrote out of nowhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.util import AliasedClass

from models.conversation import Conversation
from models.errors import NotFound
from models.message import SERVICE_KINDS, Message
from surveys.takeover import Number

OUT_OF_NOWHERE = ("unprompted", "person")
_ID = re.compile(r"(number-)?([0-9]{1,18})")


@dataclass(frozen=True)
class Exchange:
    """One entry of the inbox: `12` is a conversation, `number-34` begins with message 34."""

    id: str
    number: Number
    conversation: Conversation | None


def find_exchange(session: Session, workspace_id: int, given: str) -> Exchange:
    """The exchange of this id in a workspace; raises NotFound."""
    parts = _ID.fullmatch(given)
    if parts is None:
        raise _gone()
    row_id = int(parts[2])
    return (
        _by_number(session, workspace_id, row_id)
        if parts[1]
        else _of(session, workspace_id, row_id)
    )


def _of(session: Session, workspace_id: int, row_id: int) -> Exchange:
    found = session.get(Conversation, row_id, populate_existing=True)
    if found is None or found.workspace_id != workspace_id:
        raise _gone()
    number = Number(workspace_id, found.sender, found.address, found.customer_id, found.id)
    return Exchange(str(found.id), number, found)


def _by_number(session: Session, workspace_id: int, row_id: int) -> Exchange:
    found = session.get(Message, row_id)
    if found is None or found.workspace_id != workspace_id or found.conversation_id is not None:
        raise _gone()
    number = Number(workspace_id, found.sender, found.address, found.customer_id)
    return Exchange(f"number-{found.id}", number, None)


def _gone() -> NotFound:
    return NotFound("there is no such conversation", mend="Choose one from the inbox.")


def loose(message: type[Message] | AliasedClass[Message]) -> ColumnElement[bool]:
    """Messages that belong to no conversation, as SQL.

    A STOP is listed with the conversation of its number; only where there never was one it
    stands for itself.
    """
    talk = aliased(Conversation)
    conversed = exists().where(
        talk.workspace_id == message.workspace_id,
        talk.address == message.address,
        talk.sender == message.sender,
    )
    return and_(
        message.conversation_id.is_(None), or_(message.kind.in_(OUT_OF_NOWHERE), ~conversed)
    )


def messages_of(session: Session, exchange: Exchange) -> list[Message]:
    """All that was said in an exchange, in order; STOP and its kin with what they ended."""
    number, found = exchange.number, exchange.conversation
    here = and_(
        Message.workspace_id == number.workspace_id,
        Message.address == number.address,
        Message.sender == number.sender,
    )
    if found is None:
        said = and_(here, loose(Message))
    else:
        service = and_(
            here,
            Message.conversation_id.is_(None),
            Message.kind.in_(set(SERVICE_KINDS) - set(OUT_OF_NOWHERE)),
            Message.created_at >= found.opened_at,
        )
        following = _opened_after(session, found)
        if following is not None:
            service = and_(service, Message.created_at < following)
        said = or_(Message.conversation_id == found.id, service)
    mine = select(Message).where(said, Message.workspace_id == number.workspace_id)
    ordered = mine.order_by(Message.id).execution_options(populate_existing=True)
    return list(session.scalars(ordered))


def _opened_after(session: Session, found: Conversation) -> datetime | None:
    return session.scalar(
        select(Conversation.opened_at)
        .where(
            Conversation.workspace_id == found.workspace_id,
            Conversation.address == found.address,
            Conversation.sender == found.sender,
            Conversation.opened_at > found.opened_at,
        )
        .order_by(Conversation.opened_at)
        .limit(1)
    )
