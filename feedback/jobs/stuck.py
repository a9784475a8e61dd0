"""How long a task of a kind should take, and which ones take longer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.jobs import due
from models.job import Task
from models.status import TaskStatus

USUAL = timedelta(minutes=3)
"""A task ends after a minute's batches; a single batch takes seconds."""
LONGER: Mapping[str, timedelta] = {
    due.TOPICS: timedelta(minutes=20),
    due.ADAPT: timedelta(minutes=20),
    due.LEARN: timedelta(minutes=10),
    due.COUNT: timedelta(minutes=10),
    due.TIDY: timedelta(minutes=10),
}


def expected(kind: str) -> timedelta:
    """After how long a task of this kind is stuck."""
    return LONGER.get(kind, USUAL)


def stuck(session: Session, now: datetime) -> Sequence[Task]:
    """Tasks under way for longer than their kind should take, the longest first."""
    running = session.scalars(
        select(Task).where(Task.status == TaskStatus.RUNNING.value).order_by(Task.started_at)
    )
    return [
        task for task in running if task.started_at and now - task.started_at > expected(task.kind)
    ]
