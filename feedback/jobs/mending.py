"""What a person may do about tasks that failed or are stuck."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, update
from sqlalchemy.orm import Session

from feedback.jobs import stuck
from feedback.jobs.tasks import CLAIM
from models.job import Task
from models.status import TaskStatus


def retry(session: Session, kind: str, now: datetime) -> int:
    """Have a kind's failed tasks tried again, and its stuck ones by another worker; how many.

    The caller commits.
    """
    held = [task.id for task in stuck.stuck(session, now) if task.kind == kind]
    give_away(session, held, now)
    return retry_now(session, kind, now) + len(held)


def retry_now(session: Session, kind: str, now: datetime) -> int:
    """Have failed tasks of a kind tried again at once; how many. The caller commits."""
    about = Task.kind == kind
    failed = and_(about, Task.status == TaskStatus.READY.value, Task.due_at > now)
    again = session.scalars(
        update(Task)
        .where(failed)
        .values(due_at=now)
        .returning(Task.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(again)


def give_away(session: Session, task_ids: Collection[int], now: datetime) -> None:
    """Take stuck tasks from their workers: whoever looks next has them. The caller commits.

    Rows are claimed one by one, so that none is worked on twice should the first one go on.
    """
    session.execute(
        update(Task)
        .where(Task.id.in_(task_ids), Task.status == TaskStatus.RUNNING.value)
        .values(claimed_until=now - CLAIM, claimed_by=None)
        .execution_options(synchronize_session=False)
    )
