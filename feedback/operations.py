"""How the work stands: what is due, late, under way, failing and at rest, by kind and workspace."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.jobs import due, lease, stuck, workers
from feedback.work_queues import Waiting, waiting_by_workspace
from models.job import Pause, Task, WorkerSeen
from models.status import TaskStatus
from models.workspace import Workspace
from surveys import pauses
from surveys.pauses import EVERY

LATE = timedelta(minutes=5)
"""What is due for longer than this is late."""
RECENTLY = timedelta(hours=1)


@dataclass(frozen=True)
class KindState:
    """A kind of work: since when its oldest row is due, and its unfinished tasks.

    `rows` were worked on in the last hour.
    """

    kind: str
    since: datetime | None
    ready: int = 0
    running: Sequence[Task] = ()
    failing: Sequence[Task] = ()
    stuck: Sequence[Task] = ()
    rows: int = 0
    rests_since: datetime | None = None

    def late(self, now: datetime) -> bool:
        """Whether something is due for too long, and should not be."""
        return self.rests_since is None and self.since is not None and now - self.since > LATE


@dataclass(frozen=True)
class WorkspaceState:
    """A workspace: what waits there by kind, and which kinds rest there (EVERY: all)."""

    id: int
    name: str
    waiting: dict[str, Waiting] = field(default_factory=dict)
    resting: frozenset[str] = frozenset()


@dataclass(frozen=True)
class State:
    """All of it, at one moment. `everything_rests_since`: nothing is done anywhere."""

    at: datetime
    clock: str | None
    workers: Sequence[WorkerSeen]
    kinds: Sequence[KindState]
    workspaces: Sequence[WorkspaceState]
    everything_rests_since: datetime | None

    @property
    def late(self) -> list[KindState]:
        """The kinds that are late, the latest first."""
        found = [one for one in self.kinds if one.late(self.at)]
        return sorted(found, key=lambda one: one.since or self.at)


def state_of(session: Session, now: datetime, workspace_ids: Collection[int] | None) -> State:
    """How the work stands; of these workspaces, None: of all."""
    resting = pauses.all_of(session)
    everywhere = {one.kind: one.paused_at for one in resting if one.workspace_id is None}
    return State(
        at=now,
        clock=lease.holder(session, lease.CLOCK),
        workers=workers.living(session, now),
        kinds=_kinds(session, now, everywhere),
        workspaces=_workspaces(session, now, workspace_ids, resting),
        everything_rests_since=everywhere.get(EVERY),
    )


def _kinds(session: Session, now: datetime, resting: dict[str, datetime]) -> list[KindState]:
    unfinished = _unfinished(session)
    held = {task.id for task in stuck.stuck(session, now)}
    rows = _rows_done(session, now - RECENTLY)
    found = []
    for kind, look in due.KINDS.items():
        tasks = unfinished.get(kind, [])
        running = [one for one in tasks if one.status == TaskStatus.RUNNING.value]
        found.append(
            KindState(
                kind=kind,
                since=look(session, now),
                ready=len(tasks) - len(running),
                running=running,
                failing=[one for one in tasks if one.error],
                stuck=[one for one in running if one.id in held],
                rows=rows.get(kind, 0),
                rests_since=resting.get(kind),
            )
        )
    return found


def _unfinished(session: Session) -> dict[str, list[Task]]:
    living = (TaskStatus.READY.value, TaskStatus.RUNNING.value)
    found: dict[str, list[Task]] = {}
    for task in session.scalars(select(Task).where(Task.status.in_(living)).order_by(Task.id)):
        found.setdefault(task.kind, []).append(task)
    return found


def _rows_done(session: Session, since: datetime) -> dict[str, int]:
    rows = session.execute(
        select(Task.kind, func.sum(Task.done_rows))
        .where(Task.kind.in_(due.KINDS), Task.finished_at > since)
        .group_by(Task.kind)
    )
    return {row[0]: int(row[1]) for row in rows}


def _workspaces(
    session: Session,
    now: datetime,
    workspace_ids: Collection[int] | None,
    resting: Sequence[Pause],
) -> list[WorkspaceState]:
    query = select(Workspace.id, Workspace.name).order_by(Workspace.name)
    if workspace_ids is not None:
        query = query.where(Workspace.id.in_(workspace_ids))
    named = session.execute(query).all()
    waiting = waiting_by_workspace(session, now, [row.id for row in named])
    return [
        WorkspaceState(
            row.id,
            row.name,
            {kind: found[row.id] for kind, found in waiting.items() if row.id in found},
            frozenset(one.kind for one in resting if one.workspace_id == row.id),
        )
        for row in named
    ]
