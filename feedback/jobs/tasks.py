"""Tasks: batches of work as rows; the clock makes them, workers claim them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.job import Task
from models.status import TaskStatus, move
from surveys.upsert import insert_into

CLAIM = timedelta(seconds=20)
"""How long a task is a worker's without a sign of life; see `keep`."""
KEEP_DONE = timedelta(hours=1)
LONGEST_WAIT = timedelta(minutes=5)


def hand_out(session: Session, kind: str, due_at: datetime, now: datetime) -> bool:
    """Add a task of this kind unless one is unfinished; the unique index decides."""
    values = {
        "kind": kind,
        "status": TaskStatus.READY.value,
        "due_at": due_at,
        "created_at": now,
        "attempts": 0,
        "done_rows": 0,
    }
    insert = insert_into(session, Task).values(**values).on_conflict_do_nothing()
    return session.scalar(insert.returning(Task.id)) is not None


def _next(session: Session, kinds: Collection[str], now: datetime) -> Task | None:
    """The most overdue task that is ready, or whose worker's claim ran out."""
    ready = (Task.status == TaskStatus.READY.value) & (Task.due_at <= now)
    orphaned = (Task.status == TaskStatus.RUNNING.value) & (Task.claimed_until < now)
    query = (
        select(Task)
        .where(Task.kind.in_(kinds), ready | orphaned)
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
    """A sign of life: what this worker does stays its own for a while longer. Commits."""
    session.execute(
        update(Task)
        .where(Task.status == TaskStatus.RUNNING.value, Task.claimed_by == worker)
        .values(claimed_until=now + CLAIM)
        .execution_options(synchronize_session=False)
    )
    session.commit()


def settle(session: Session, task_id: int, rows: int, now: datetime) -> None:
    """The batch is done."""
    move(session, Task, task_id, TaskStatus.DONE, finished_at=now, done_rows=rows, error=None)
    session.commit()


def retry(session: Session, task: Task, error: str, now: datetime) -> None:
    """The batch failed: it is tried again, later each time, and its error is kept to be seen."""
    wait = min(timedelta(seconds=2 ** min(task.attempts, 10)), LONGEST_WAIT)
    move(session, Task, task.id, TaskStatus.READY, due_at=now + wait, error=error[:2000])
    session.commit()


def sweep(session: Session, now: datetime) -> None:
    """Forget tasks that were done an hour ago."""
    old = (Task.status == TaskStatus.DONE.value) & (Task.finished_at < now - KEEP_DONE)
    session.execute(delete(Task).where(old))
    session.commit()
