"""The outbox: outbound SMS and e-mails are rows first, each step of an exchange at most once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.message import Message
from models.status import MessageStatus, sources
from surveys.as_sent import as_sent
from surveys.channels.addresses import EMAIL, channel_of, is_whatsapp
from surveys.channels.gateway import Content
from surveys.channels.segments import count
from surveys.outbox_sql import DROP, OVERTAKE, PUT

REPLY, INVITATION, CAMPAIGN = 0, 5, 7


@dataclass(frozen=True)
class Draft:
    """A message to write into the outbox; (scope, step) is said once and only once.

    `via` is the fall-back where the customer last wrote to it, or it to them: the exchange goes
    on there as long as it can. `letter` is what an e-mail is written from; `priority` is that of
    its kind unless another is given.
    """

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
    content: Content | None = None
    via: str | None = None
    letter: dict[str, Any] | None = None
    priority: int | None = None


def put(session: Session, draft: Draft, now: datetime) -> int | None:
    """Write one message to be sent; its id, or None when this step was said already.

    A reply overtakes what is still unsent of the same exchange: nobody wants last minute's
    question after this minute's.
    """
    overtakes = draft.kind != "invitation" and draft.conversation_id is not None
    values = _row(draft, *worded(session, draft.workspace_id, draft.address, draft.body), now)
    if not overtakes:
        made = PUT.first_in(session, values)
    elif session.get_bind().dialect.name == "postgresql":
        made = OVERTAKE.first_in(session, values)
    else:
        DROP.run_in(session, values)
        made = PUT.first_in(session, values)
    return None if made is None else int(made[0])


def _priority(draft: Draft) -> int:
    if draft.priority is not None:
        return draft.priority
    return INVITATION if draft.kind == "invitation" else REPLY


def worded(session: Session, workspace_id: int, address: str, body: str) -> tuple[str, int]:
    """The body as it goes out, and its segments; only SMS know GSM-7 and segments."""
    if is_whatsapp(address):
        return body, 1
    if channel_of(address) == EMAIL:
        return body, 0
    written = as_sent(session, workspace_id, body)
    return written, count(written).segments


def _row(draft: Draft, body: str, segments: int, now: datetime) -> dict[str, Any]:
    content = draft.content
    return {
        "workspace_id": draft.workspace_id,
        "customer_id": draft.customer_id,
        "invitation_id": draft.invitation_id,
        "conversation_id": draft.conversation_id,
        "direction": "out",
        "kind": draft.kind,
        "dedupe_scope": draft.scope,
        "step": draft.step,
        "sender": draft.sender,
        "via": draft.via,
        "address": draft.address,
        "body": body,
        "content_sid": content.sid if content else None,
        "content_variables": content.variables if content else None,
        "letter": draft.letter,
        "segments": segments,
        "status": MessageStatus.PENDING.value,
        "provider": draft.provider,
        "priority": _priority(draft),
        "attempts": 0,
        "not_before": draft.not_before,
        "created_at": now,
        "status_at": now,
    }


def drop_questions(session: Session, conversation_id: int, now: datetime) -> None:
    """Cancel the questions of an exchange that nobody has sent yet."""
    DROP.run_in(session, {"conversation_id": conversation_id, "status_at": now})


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
