"""Taking over: somebody of the team talks with a customer, and the survey keeps quiet meanwhile.

What is held is a number on a sender, not a survey's exchange: a person may also talk with
somebody who wrote out of nowhere, or whose survey is over. STOP, START and HELP are obeyed all
the same. Locks go as everywhere: the response, its exchange, then the take-over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.errors import Conflict
from models.message import Message
from models.response import Response
from models.status import move, sources
from models.takeover import Takeover
from models.takeover_status import TakeoverStatus
from surveys import conversations
from surveys.held import holder
from surveys.locking import lock
from surveys.outbox import drop_questions
from surveys.upsert import insert_into

SILENCE = timedelta(hours=72)
TAKE_MEND = "Look who holds it now, and take it from them if you mean to."


@dataclass(frozen=True)
class Number:
    """Whose messages are meant: an address on a sender, and what is known beside it.

    `conversation_id` is the exchange that the messages are shown with.
    """

    workspace_id: int
    sender: str
    address: str
    customer_id: int | None = None
    conversation_id: int | None = None


def take(session: Session, number: Number, user_id: int, seen: int | None, now: datetime) -> int:
    """Hold a number; the id of the take-over. Commits.

    `seen` is the take-over that the person saw and means to take it from. Raises Conflict
    where it is held by somebody whom they did not see.
    """
    about = (number.workspace_id, number.sender, number.address)
    found = conversations.find_open(session, *about)
    if found is not None:
        lock(session, Response, found.response_id)
        lock(session, Conversation, found.id)
        conversations.keep_alive(session, found.id, now)  # a reply on its way sees it changed
        drop_questions(session, found.id, now)
    held = holder(session, *about)
    if held is not None and held.user_id == user_id:
        session.commit()
        return held.id
    beside = found.id if found else number.conversation_id
    if held is not None and held.id == seen:
        beside = held.conversation_id or beside
        ended = {"ended_at": now, "ended_by": user_id}
        move(session, Takeover, held.id, TakeoverStatus.PASSED_ON, **ended)
    made = _insert(session, number, user_id, beside, now)
    if made is None:
        first = holder(session, *about)
        session.rollback()
        if first is not None and first.user_id == user_id:
            return first.id
        raise Conflict("somebody else has taken this over meanwhile", mend=TAKE_MEND)
    session.commit()
    return made


def _insert(
    session: Session, number: Number, user_id: int, beside: int | None, now: datetime
) -> int | None:
    """The partial unique index decides between two who press at once."""
    statement = insert_into(session, Takeover).values(
        workspace_id=number.workspace_id,
        customer_id=number.customer_id,
        conversation_id=beside,
        user_id=user_id,
        sender=number.sender,
        address=number.address,
        status=TakeoverStatus.HELD.value,
        taken_at=now,
        until=now + SILENCE,
    )
    return session.scalar(statement.on_conflict_do_nothing().returning(Takeover.id))


def hear(session: Session, message: Message, sender: str, now: datetime) -> bool:
    """Give an inbound message to whoever holds its number; False where nobody does.

    Call it with the open exchange locked, so that nobody takes over between this and a
    survey's next question.
    """
    held = holder(session, message.workspace_id, sender, message.address)
    if held is None or not stay(session, held.id, now):
        return False
    if held.conversation_id is not None:
        conversation = session.get_one(Conversation, held.conversation_id)
        message.conversation_id = conversation.id
        message.invitation_id = conversation.invitation_id
        message.customer_id = conversation.customer_id
    return True


def stay(session: Session, takeover_id: int, now: datetime, user_id: int | None = None) -> bool:
    """Count the silence anew; False where it is not held any more, or not by this person."""
    mine = [] if user_id is None else [Takeover.user_id == user_id]
    result = session.execute(
        update(Takeover)
        .where(Takeover.id == takeover_id, Takeover.status == TakeoverStatus.HELD.value, *mine)
        .values(until=now + SILENCE)
        .execution_options(synchronize_session="fetch")
    )
    return isinstance(result, CursorResult) and result.rowcount == 1


def lapse(session: Session, now: datetime) -> int:
    """Hand back what nobody wrote to for 72 hours; how many. Commits.

    No question is asked again then: nobody knows the hour, and a survey that was silent for so
    long has expired. A late answer reopens it, as always.
    """
    result = session.execute(
        update(Takeover)
        .where(
            Takeover.status.in_(sources("takeovers", TakeoverStatus.LAPSED)),
            Takeover.until <= now,
        )
        .values(status=TakeoverStatus.LAPSED.value, ended_at=now)
        .execution_options(synchronize_session=False)
    )
    session.commit()
    return result.rowcount if isinstance(result, CursorResult) else 0
