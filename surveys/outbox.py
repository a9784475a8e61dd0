"""The outbox: outbound SMS are rows first, each step of an exchange at most once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.message import Message
from models.status import MessageStatus, sources
from surveys.as_sent import as_sent
from surveys.channels.segments import count
from surveys.upsert import insert_into

REPLY, INVITATION = 0, 5
EXCHANGE = ("question", "again", "reminder")


@dataclass(frozen=True)
class Draft:
    """An SMS to write into the outbox; (scope, step) is said once and only once."""

    workspace_id: int
    kind: str
    scope: str
    step: str
    sender: str
    address: str
    body: str
    provider: str
    customer_id: int | None = None
    invitation_id: int | None = None
    conversation_id: int | None = None
    not_before: datetime | None = None


def put(session: Session, draft: Draft, now: datetime) -> int | None:
    """Write one message to be sent; its id, or None when this step was said already.

    A reply overtakes what is still unsent of the same exchange: nobody wants last minute's
    question after this minute's.
    """
    if draft.kind != "invitation" and draft.conversation_id is not None:
        drop_questions(session, draft.conversation_id, now)
    body = as_sent(session, draft.workspace_id, draft.body)
    statement = insert_into(session, Message).values(
        workspace_id=draft.workspace_id,
        customer_id=draft.customer_id,
        invitation_id=draft.invitation_id,
        conversation_id=draft.conversation_id,
        direction="out",
        kind=draft.kind,
        dedupe_scope=draft.scope,
        step=draft.step,
        sender=draft.sender,
        address=draft.address,
        body=body,
        segments=count(body).segments,
        status=MessageStatus.PENDING.value,
        provider=draft.provider,
        priority=INVITATION if draft.kind == "invitation" else REPLY,
        attempts=0,
        not_before=draft.not_before,
        created_at=now,
        status_at=now,
    )
    once = statement.on_conflict_do_nothing(index_elements=["workspace_id", "dedupe_scope", "step"])
    return session.scalar(once.returning(Message.id))


def drop_questions(session: Session, conversation_id: int, now: datetime) -> None:
    """Cancel the questions of an exchange that nobody has sent yet."""
    session.execute(
        update(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.kind.in_(EXCHANGE),
            Message.status == MessageStatus.PENDING.value,
        )
        .values(status=MessageStatus.CANCELED.value, status_at=now)
        .execution_options(synchronize_session=False)
    )


def cancel_pending(session: Session, workspace_id: int, address: str, now: datetime) -> list[int]:
    """Cancel all that waits for an address; the ids of the messages."""
    canceled = session.scalars(
        update(Message)
        .where(
            Message.workspace_id == workspace_id,
            Message.address == address,
            Message.direction == "out",
            Message.status == MessageStatus.PENDING.value,
            Message.status.in_(sources("messages", MessageStatus.CANCELED)),
        )
        .values(status=MessageStatus.CANCELED.value, status_at=now)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return list(canceled)
