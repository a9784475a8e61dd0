"""The kinds of work that workspaces take turns in, and how much of each waits in a workspace."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from feedback.comment_claims import WAITING
from feedback.listening import UNSCORED
from models.workspace import Workspace
from surveys.firing import DUE
from surveys.in_line import OUTBOX
from surveys.taking_turns import Queue

MOST = 1_000
"""Rows are counted so far, and not on: a page must not cost what waits."""


@dataclass(frozen=True)
class Waiting:
    """How many rows wait, MOST + 1 where more do, and since when the first one does."""

    rows: int
    since: datetime


QUEUES = (DUE, OUTBOX, UNSCORED, WAITING)
KINDS = tuple(queue.kind for queue in QUEUES)
"""The kinds that a workspace's pause stops, in the order in which work comes by."""


def waiting_by_workspace(
    session: Session, now: datetime, workspace_ids: Collection[int]
) -> dict[str, dict[int, Waiting]]:
    """Of each kind, what waits in those of the workspaces where something does."""
    return {queue.kind: _of(session, queue, now, workspace_ids) for queue in QUEUES}


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
