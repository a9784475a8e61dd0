"""Handing back: the survey goes on where it stood, or stays over if it was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.errors import Conflict
from models.response import Response
from models.status import ConversationStatus, move
from models.takeover import Takeover
from models.takeover_status import TakeoverStatus
from surveys import conversations
from surveys.asking_again import ask_again
from surveys.locking import lock
from surveys.services import Services
from surveys.takeover import SILENCE, TAKE_MEND


def goes_on(held: Takeover, conversation: Conversation | None, now: datetime) -> bool:
    """Whether the survey would go on: still open, and not silent for longer than it may be."""
    if conversation is None or conversation.status != ConversationStatus.OPEN.value:
        return False
    last_word = held.until - SILENCE
    return last_word + conversations.SILENCE > now


def hand_back(
    session: Session, services: Services, held: Takeover, user_id: int, now: datetime
) -> bool:
    """Let the survey go on; True where it asks its open question again, once. Commits.

    Raises Conflict where this person does not hold it any more.
    """
    conversation, response = _held_with(session, held)
    mine = held.user_id == user_id
    over = {"ended_at": now, "ended_by": user_id}
    if not mine or not move(session, Takeover, held.id, TakeoverStatus.HANDED_BACK, **over):
        session.rollback()
        raise Conflict("you do not hold this any more", mend=TAKE_MEND)
    asked = None
    if conversation is not None and response is not None and goes_on(held, conversation, now):
        conversations.keep_alive(session, conversation.id, now)
        asked = ask_again(session, services, conversation, response, f"back:{held.id}", now)
    session.commit()
    return asked is not None


def _held_with(session: Session, held: Takeover) -> tuple[Conversation | None, Response | None]:
    """The exchange that waits for its survey, with its response, locked."""
    waiting = session.get(Conversation, held.conversation_id) if held.conversation_id else None
    if waiting is None:
        return None, None
    response = lock(session, Response, waiting.response_id)
    return lock(session, Conversation, waiting.id), response
