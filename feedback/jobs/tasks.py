"""Tasks: batches of work as rows; the clock makes them, workers claim them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from models.job import Task
from models.status import TaskStatus, move
from surveys.pauses import not_at_rest
from surveys.upsert import insert_into

CLAIM = timedelta(seconds=20)
"""How long a task is a worker's without a sign of life; see `keep`."""
KEEP_DONE = timedelta(hours=1)
LONGEST_WAIT = timedelta(minutes=5)


@dataclass(frozen=True)
class Owed:
    """Work of a kind that is due since `due_at`, for at most so many workers at once."""

    kind: str
    due_at: datetime
    most: int = 1


def hand_out(session: Session, kind: str, due_at: datetime, now: datetime) -> bool:
    """Add a task of this kind unless one is unfinished; the unique index decides."""
    return hand_out_all(session, [Owed(kind, due_at)], now) > 0


def hand_out_all(session: Session, owed: Sequence[Owed], now: datetime) -> int:
    """Add the tasks that are wanted beside the unfinished ones; how many were added."""
    unfinished = _unfinished(session, [one.kind for one in owed])
    rows = [
        {
            "kind": one.kind,
            "slot": slot,
            "status": TaskStatus.READY.value,
            "due_at": one.due_at,
            "created_at": now,
            "attempts": 0,
            "done_rows": 0,
        }
        for one in owed
        for slot in free_slots(unfinished.get(one.kind, {}), one.most)
    ]
    if not rows:
        return 0
    insert = insert_into(session, Task).values(rows).on_conflict_do_nothing()
    return len(session.scalars(insert.returning(Task.id)).all())


def free_slots(taken: Mapping[int, str], most: int) -> list[int]:
    """The slots to fill beside those taken (slot to status), of so many.

    One at first. When workers have taken all that were there and work is still due, as many
    again: so many workers are soon busy, and a single row never wakes all of them.
    """
    if TaskStatus.READY.value in taken.values():
        return []
    free = [slot for slot in range(most) if slot not in taken]
    return free[: max(1, len(taken))]


def _unfinished(session: Session, kinds: Collection[str]) -> dict[str, dict[int, str]]:
    """The slots of each kind that are taken, each with its task's status."""
    living = (TaskStatus.READY.value, TaskStatus.RUNNING.value)
    rows = session.execute(
        select(Task.kind, Task.slot, Task.status).where(
            Task.status.in_(living), Task.kind.in_(kinds)
        )
    )
    found: dict[str, dict[int, str]] = {}
    for kind, slot, status in rows:
        found.setdefault(kind, {})[slot] = status
    return found


def claimable(now: datetime) -> ColumnElement[bool]:
    """Tasks that a worker may take: ready ones, and those whose worker gave no sign of life."""
    ready = and_(Task.status == TaskStatus.READY.value, Task.due_at <= now)
    orphaned = and_(Task.status == TaskStatus.RUNNING.value, Task.claimed_until < now)
    return or_(ready, orphaned)


def waiting(session: Session, now: datetime) -> dict[str, int]:
    """How many tasks of each kind a worker may take now; kinds that rest are left out."""
    rows = session.execute(
        select(Task.kind, func.count())
        .where(claimable(now), not_at_rest(Task.kind))
        .group_by(Task.kind)
    )
    return {row[0]: row[1] for row in rows}


def _next(session: Session, kinds: Collection[str], now: datetime) -> Task | None:
    """The most overdue task that may be taken."""
    query = (
        select(Task)
        .where(Task.kind.in_(kinds), claimable(now), not_at_rest(Task.kind))
        .order_by(Task.due_at, Task.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.scalar(query)


def claim(session: Session, kinds: Collection[str], worker: str, now: datetime) -> Task | None:
    """Take one task for this worker and commit; None when there is nothing to do."""
    task = _next(session, kinds, now)
    if task is None:
        session.rollback()
        return None
    if task.status == TaskStatus.RUNNING.value:
        move(session, Task, task.id, TaskStatus.READY)
    claimed = move(
        session,
        Task,
        task.id,
        TaskStatus.RUNNING,
        claimed_by=worker,
        claimed_until=now + CLAIM,
        started_at=now,
        attempts=Task.attempts + 1,
    )
    session.commit()
    return task if claimed else None


def keep(session: Session, worker: str, now: datetime) -> None:
    """A sign of life: what this worker does stays its own for a while longer."""
    session.execute(
        update(Task)
        .where(_of(worker))
        .values(claimed_until=now + CLAIM)
        .execution_options(synchronize_session=False)
    )


def _of(worker: str) -> ColumnElement[bool]:
    return and_(Task.status == TaskStatus.RUNNING.value, Task.claimed_by == worker)


def settle(session: Session, task: Task, worker: str, rows: int, now: datetime) -> bool:
    """The batch is done; False where the task had become another worker's meanwhile."""
    return _end(session, task, worker, TaskStatus.DONE, finished_at=now, done_rows=rows, error=None)


def retry(session: Session, task: Task, worker: str, error: str, now: datetime) -> bool:
    """The batch failed: it is tried again, later each time, and its error is kept to be seen."""
    wait = min(timedelta(seconds=2 ** min(task.attempts, 10)), LONGEST_WAIT)
    return _end(session, task, worker, TaskStatus.READY, due_at=now + wait, error=error[:2000])


def _end(session: Session, task: Task, worker: str, to: TaskStatus, **values: object) -> bool:
    """End this worker's hold of a task, and only this worker's."""
    ended = session.scalar(
        update(Task)
        .where(Task.id == task.id, _of(worker))
        .values(status=to.value, **values)
        .returning(Task.id)
        .execution_options(synchronize_session=False)
    )
    return ended is not None


def sweep(session: Session, now: datetime) -> None:
    """Forget tasks that were done an hour ago."""
    old = (Task.status == TaskStatus.DONE.value) & (Task.finished_at < now - KEEP_DONE)
    session.execute(delete(Task).where(old))
