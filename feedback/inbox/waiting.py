"""Exchanges in which somebody wrote what should not wait or wants contact, and nobody dealt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.handling import is_open, needed
from models.conversation import Conversation
from models.message import Message
from models.reading import Comment
from surveys.unprompted import SOURCE

DAYS = 30
MOST = 500
"""The newest urgent comments that are looked at."""


@dataclass(frozen=True)
class Waiting:
    """Which conversations, and which numbers (sender, address) beside them: what was written.

    `contact` are those among them in which somebody asks to be contacted.
    """

    conversations: Mapping[int, str]
    numbers: Mapping[tuple[str, str], str]
    contact: frozenset[int | tuple[str, str]] = frozenset()

    def words(self, conversation_id: int | None, sender: str, address: str) -> str | None:
        """What somebody wrote in an exchange that should not wait; None where nobody did."""
        if conversation_id is None:
            return self.numbers.get((sender, address))
        return self.conversations.get(conversation_id)

    def wants_contact(self, conversation_id: int | None, sender: str, address: str) -> bool:
        """Whether somebody asks to be contacted there."""
        return (conversation_id or (sender, address)) in self.contact


def waiting(session: Session, workspace_id: int, now: datetime) -> Waiting:
    """Those of the last 30 days, as the list of urgent comments counts them."""
    rows = session.execute(
        select(
            Comment.response_id,
            Comment.source,
            Comment.external_id,
            Comment.text,
            Comment.wants_contact,
        )
        .where(
            Comment.workspace_id == workspace_id,
            needed(),
            Comment.occurred_at >= now - timedelta(days=DAYS),
            is_open(),
        )
        .order_by(Comment.occurred_at.desc())
        .limit(MOST)
    ).all()
    found = _places(session, workspace_id, rows)
    wishes = [row for row in rows if row.wants_contact]
    asking = _places(session, workspace_id, wishes) if wishes else ({}, {})
    return Waiting(*found, frozenset({*asking[0], *asking[1]}))


def _places(
    session: Session, workspace_id: int, rows: Sequence[Any]
) -> tuple[dict[int, str], dict[tuple[str, str], str]]:
    """Where comments were written: in which conversations, and from which numbers beside them."""
    # the oldest first, so that what was written last is what is shown
    answered = {row.response_id: row.text for row in reversed(rows) if row.response_id}
    texted = {row.external_id: row.text for row in reversed(rows) if row.source == SOURCE}
    talks = _answered(session, answered) if answered else {}
    said = _texted(session, workspace_id, texted) if texted else []
    talks |= {talk: words for talk, _, words in said if talk is not None}
    return talks, {number: words for talk, number, words in said if talk is None}


def _answered(session: Session, words: Mapping[int, str]) -> dict[int, str]:
    """The conversations of responses."""
    found = session.execute(
        select(Conversation.id, Conversation.response_id).where(Conversation.response_id.in_(words))
    )
    return {row.id: words[row.response_id] for row in found}


def _texted(
    session: Session, workspace_id: int, words: Mapping[str, str]
) -> list[tuple[int | None, tuple[str, str], str]]:
    """Of messages that answered nothing: their conversation, if any, number and words."""
    ids = [key.partition(":")[2] for key in words]
    found = session.execute(
        select(
            Message.conversation_id,
            Message.sender,
            Message.address,
            (Message.provider + ":" + Message.provider_id).label("key"),
        )
        .where(Message.workspace_id == workspace_id, Message.provider_id.in_(ids))
        .order_by(Message.id)
    )
    return [
        (row.conversation_id, (row.sender, row.address), words[row.key])
        for row in found
        if row.key in words
    ]
