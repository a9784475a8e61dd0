"""Conversations: the open SMS exchange with one address on one sender, at most one at a time.

Whoever changes an exchange holds its response first, as whoever saves an answer does: with one
order for all, nobody waits in a ring.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.invitation import Invitation
from models.response import Response
from models.status import ConversationStatus, ResponseStatus, move, sources
from surveys.asking_sql import EXCHANGE
from surveys.held import is_held
from surveys.locking import lock

SILENCE = timedelta(hours=24)
REOPENS_FOR = timedelta(days=14)


def open_conversation(
    session: Session,
    invitation: Invitation,
    response_id: int,
    sender: str,
    address: str,
    now: datetime,
) -> int | None:
    """Open one for an invitation; its id, or None when another is open on this number.

    The partial unique index decides, so that two workers can't both open one.
    """
    values = opening(invitation, sender, address, now)
    made = EXCHANGE.first_in(session, {**values, "response_id": response_id})
    return None if made is None else int(made[0])


def opening(invitation: Invitation, sender: str, address: str, now: datetime) -> dict[str, Any]:
    """What an invitation's exchange begins with."""
    return {
        "workspace_id": invitation.workspace_id,
        "customer_id": invitation.customer_id,
        "invitation_id": invitation.id,
        "sender": sender,
        "address": address,
        "status": ConversationStatus.OPEN.value,
        "opened_at": now,
        "expires_at": now + SILENCE,
    }


def find_open(
    session: Session, workspace_id: int, sender: str, address: str
) -> Conversation | None:
    """The open exchange with an address, if there is one."""
    return session.scalars(
        select(Conversation).where(
            Conversation.workspace_id == workspace_id,
            Conversation.sender == sender,
            Conversation.address == address,
            Conversation.status == ConversationStatus.OPEN.value,
        )
    ).one_or_none()


def reopen_latest(
    session: Session, workspace_id: int, sender: str, address: str, now: datetime
) -> Conversation | None:
    """Reopen the latest exchange that fell silent, when what was asked is still unanswered.

    A reply to it counts for two weeks; after that nobody knows any more what was asked.
    """
    latest = session.scalars(
        select(Conversation)
        .where(
            Conversation.workspace_id == workspace_id,
            Conversation.sender == sender,
            Conversation.address == address,
        )
        .order_by(Conversation.opened_at.desc(), Conversation.id.desc())
        .limit(1)
    ).one_or_none()
    if latest is None or latest.status != ConversationStatus.EXPIRED.value:
        return None
    if latest.expires_at + REOPENS_FOR <= now:
        return None
    values = {"ended_at": None, "expires_at": now + SILENCE}
    if not move(session, Conversation, latest.id, ConversationStatus.OPEN, **values):
        return None
    move(session, Response, latest.response_id, ResponseStatus.OPEN)
    return latest


def keep_alive(session: Session, conversation_id: int, now: datetime) -> None:
    """Count the silence anew: from the moment a question left, or an answer came."""
    session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(expires_at=now + SILENCE)
    )


def end(session: Session, conversation_id: int, now: datetime) -> bool:
    """End an exchange; False when it is not open."""
    return move(session, Conversation, conversation_id, ConversationStatus.ENDED, ended_at=now)


def abandon(session: Session, conversation: Conversation, now: datetime) -> None:
    """End an exchange before its survey was done; its answers are kept."""
    lock(session, Response, conversation.response_id)
    if end(session, conversation.id, now):
        move(session, Response, conversation.response_id, ResponseStatus.ABANDONED)


def expire_silent(session: Session, now: datetime, limit: int = 500) -> int:
    """Expire the exchanges that fell silent; their responses are abandoned, answers kept.

    One that a person holds waits for them. How many were expired. Commits.
    """
    silent = session.execute(
        select(Conversation.id, Conversation.response_id)
        .where(
            Conversation.status == ConversationStatus.OPEN.value,
            Conversation.expires_at <= now,
            ~is_held(),
        )
        .order_by(Conversation.expires_at)
        .limit(limit)
    ).all()
    expired = 0
    for conversation_id, response_id in silent:
        expired += _expire(session, conversation_id, response_id, now)
        session.commit()
    return expired


def _expire(session: Session, conversation_id: int, response_id: int, now: datetime) -> bool:
    lock(session, Response, response_id)
    done = session.scalar(
        update(Conversation)
        .where(
            Conversation.id == conversation_id,
            Conversation.status.in_(sources("conversations", ConversationStatus.EXPIRED)),
            Conversation.expires_at <= now,
            ~is_held(),
        )
        .values(status=ConversationStatus.EXPIRED.value, ended_at=now)
        .returning(Conversation.id)
    )
    if done is None:
        return False
    move(session, Response, response_id, ResponseStatus.ABANDONED)
    return True
