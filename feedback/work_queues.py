"""The kinds of work that workspaces take turns in, and how much of each waits in a workspace."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from feedback.listening import UNSCORED
from feedback.reading import WAITING
from models.message import Message
from models.status import MessageStatus
from models.workspace import Workspace
from surveys.firing import DUE
from surveys.taking_turns import Queue, word

MOST = 1_000
"""Rows are counted so far, and not on: a page must not cost what waits."""
MOST_MESSAGES = 20_000
SEND = "send"


@dataclass(frozen=True)
class Waiting:
    """How many rows wait, MOST + 1 where more do, and since when the first one does."""

    rows: int
    since: datetime


QUEUES = (DUE, UNSCORED, WAITING)
KINDS = (DUE.kind, SEND, UNSCORED.kind, WAITING.kind)
"""The kinds that a workspace's pause stops, in the order in which work comes by."""


def waiting_by_workspace(
    session: Session, now: datetime, workspace_ids: Collection[int]
) -> dict[str, dict[int, Waiting]]:
    """Of each kind, what waits in those of the workspaces where something does."""
    found = {queue.kind: _of(session, queue, now, workspace_ids) for queue in QUEUES}
    found[SEND] = _messages(session, now, workspace_ids)
    return {kind: found[kind] for kind in KINDS}


def _of(
    session: Session, queue: Queue, now: datetime, workspace_ids: Collection[int]
) -> dict[int, Waiting]:
    theirs = and_(queue.workspace_id == Workspace.id, queue.waits(now))
    first = select(queue.since).where(theirs).order_by(*queue.order).limit(1).correlate(Workspace)
    some = select(queue.row_id).where(theirs).limit(MOST + 1).correlate(Workspace).subquery()
    many = select(func.count()).select_from(some).correlate(Workspace)
    each = (
        select(
            Workspace.id,
            first.scalar_subquery().label("since"),
            many.scalar_subquery().label("rows"),
        )
        .where(Workspace.id.in_(workspace_ids))
        .subquery()
    )
    rows = session.execute(select(each).where(each.c.since.is_not(None)))
    return {row.id: Waiting(row.rows, row.since) for row in rows}


def _messages(
    session: Session, now: datetime, workspace_ids: Collection[int]
) -> dict[int, Waiting]:
    """Messages are found by sender, not by workspace: so many of them are looked through."""
    pending = _pending(now).subquery()
    rows = session.execute(
        select(pending.c.workspace_id, func.count(), func.min(pending.c.created_at))
        .where(pending.c.workspace_id.in_(workspace_ids))
        .group_by(pending.c.workspace_id)
    )
    return {row[0]: Waiting(min(row[1], MOST + 1), row[2]) for row in rows}


def _pending(now: datetime) -> Select[int, datetime]:
    ready = or_(Message.not_before.is_(None), Message.not_before <= now)
    waits = and_(Message.status == word(MessageStatus.PENDING.value), ready)
    return select(Message.workspace_id, Message.created_at).where(waits).limit(MOST_MESSAGES)
