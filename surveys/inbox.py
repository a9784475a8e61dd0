"""The inbox: inbound SMS are rows, each provider id once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.message import Message
from models.status import MessageStatus
from models.workspace import Workspace
from surveys.arrivals import Inbound, Received
from surveys.channels.segments import count
from surveys.locking import lock
from surveys.optout import customer_at
from surveys.senders import sender_for, workspaces_behind
from surveys.services import Services
from surveys.upsert import insert_into

KIND = "reply"
LONGEST = 3_200  # twice what Twilio lets through


def whose(
    session: Session, services: Services, inbound: Inbound, workspace_id: int | None
) -> tuple[str, list[Workspace]]:
    """The sender as we know it, and the workspaces behind it."""
    if workspace_id is not None:
        workspace = session.get_one(Workspace, workspace_id)
        return sender_for(session, services.gateway, workspace_id), [workspace]
    for sender in filter(None, (inbound.service, inbound.sender_to)):
        found = workspaces_behind(session, services.gateway, sender)
        if found:
            return sender, found
    return inbound.sender_to, []


def earlier(session: Session, inbound: Inbound, sharing: Sequence[Workspace]) -> Received | None:
    """What the same message was taken for when it came before; None when it is new."""
    first = session.execute(
        select(Message.id, Message.kind)
        .where(
            Message.workspace_id.in_([workspace.id for workspace in sharing]),
            Message.provider == inbound.provider,
            Message.provider_id == inbound.provider_id,
        )
        .limit(1)
    ).one_or_none()
    return None if first is None else Received(first.kind, first.id, replay=True)


def store(
    session: Session, inbound: Inbound, workspace: Workspace, sender: str, now: datetime
) -> Message | None:
    """The message's row; None when the same one came in at the same moment.

    The row is written before anything is read that it may change: on SQLite that takes the
    write lock, and on PostgreSQL a twin waits here for the first to finish.
    """
    body = _storable(inbound.body)
    statement = insert_into(session, Message).values(
        workspace_id=workspace.id,
        customer_id=customer_at(session, workspace.id, inbound.address_from),
        direction="in",
        kind=KIND,
        sender=sender,
        address=inbound.address_from,
        body=body,
        segments=count(body).segments,
        status=MessageStatus.RECEIVED.value,
        provider=inbound.provider,
        provider_id=inbound.provider_id,
        created_at=now,
        status_at=now,
    )
    made = session.scalar(statement.on_conflict_do_nothing().returning(Message.id))
    return None if made is None else lock(session, Message, made)


def _storable(body: str) -> str:
    """The body without what no database keeps: NULs, and halves of letters outside plane 0."""
    return body.replace("\x00", "").encode("utf-8", "replace").decode()[:LONGEST]
