"""Exchanges in which somebody wrote what should not wait, and nobody has dealt with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.handling import is_open
from models.conversation import Conversation
from models.message import Message
from models.reading import Comment
from surveys.unprompted import SOURCE

DAYS = 30
MOST = 500
"""The newest urgent comments that are looked at."""


@dataclass(frozen=True)
class Waiting:
    """Which conversations, and which numbers (sender, address) beside them."""

    conversations: frozenset[int]
    numbers: frozenset[tuple[str, str]]

    def has(self, conversation_id: int | None, sender: str, address: str) -> bool:
        """Whether an exchange waits for a person."""
        if conversation_id is None:
            return (sender, address) in self.numbers
        return conversation_id in self.conversations


def waiting(session: Session, workspace_id: int, now: datetime) -> Waiting:
    """Those of the last 30 days, as the list of urgent comments counts them."""
    rows = session.execute(
        select(Comment.response_id, Comment.source, Comment.external_id)
        .where(
            Comment.workspace_id == workspace_id,
            Comment.urgent,
            Comment.occurred_at >= now - timedelta(days=DAYS),
            is_open(),
        )
        .order_by(Comment.occurred_at.desc())
        .limit(MOST)
    ).all()
    answered = [row.response_id for row in rows if row.response_id is not None]
    texted = [row.external_id for row in rows if row.source == SOURCE]
    return _places(session, workspace_id, answered, texted) if rows else _NOBODY


_NOBODY = Waiting(frozenset(), frozenset())


def _places(
    session: Session, workspace_id: int, answered: Sequence[int], texted: Sequence[str]
) -> Waiting:
    talks = set(
        session.scalars(select(Conversation.id).where(Conversation.response_id.in_(answered)))
    )
    keys = [tuple(one.split(":", 1)) for one in texted if ":" in one]
    said = select(Message.conversation_id, Message.sender, Message.address).where(
        Message.workspace_id == workspace_id,
        Message.provider_id.in_([id_ for _, id_ in keys]),
        Message.provider.in_({name for name, _ in keys}),
    )
    found = session.execute(said).all() if keys else []
    talks |= {row.conversation_id for row in found if row.conversation_id is not None}
    numbers = {(row.sender, row.address) for row in found if row.conversation_id is None}
    return Waiting(frozenset(talks), frozenset(numbers))
