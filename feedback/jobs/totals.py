"""What was done of each kind of work since the beginning, kept in the database.

Workers have no door of their own: whoever asks one web process for /metrics hears of all.
"""

from __future__ import annotations

from datetime import datetime
from itertools import accumulate

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.job import JobLateness, JobTotal, Task
from surveys.upsert import insert_into

BOUNDS = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)
"""Seconds of lateness: the buckets of waymark_jobs_lateness_seconds."""
BEYOND = 1e9
"""The bound of all that was later than the last."""


def bound_of(lateness: float) -> float:
    """The bucket that a lateness in seconds falls into."""
    return next((bound for bound in BOUNDS if lateness <= bound), BEYOND)


def lateness_of(task: Task, began: datetime) -> float:
    """Seconds from when a task was due to when it began; never below zero."""
    return max((began - task.due_at).total_seconds(), 0.0)


def add(session: Session, kind: str, lateness: float, rows: int, failed: bool) -> None:
    """Count one task; the caller commits, soon: each kind has one row for all workers."""
    first = {"tasks": 1, "rows": rows, "failures": int(failed), "lateness_seconds": lateness}
    total = insert_into(session, JobTotal).values(kind=kind, **first)
    more = {name: getattr(JobTotal, name) + total.excluded[name] for name in first}
    session.execute(total.on_conflict_do_update(index_elements=["kind"], set_=more))
    late = insert_into(session, JobLateness).values(kind=kind, seconds=bound_of(lateness), tasks=1)
    again = {"tasks": JobLateness.tasks + late.excluded.tasks}
    session.execute(late.on_conflict_do_update(index_elements=["kind", "seconds"], set_=again))


def totals(session: Session) -> list[JobTotal]:
    """What was done of each kind."""
    return list(session.scalars(select(JobTotal).order_by(JobTotal.kind)))


def lateness(session: Session) -> dict[str, list[tuple[float, int]]]:
    """Of each kind, for each bound of BOUNDS and BEYOND, how many tasks were at most so late."""
    counted = {
        (kind, seconds): tasks
        for kind, seconds, tasks in session.execute(
            select(JobLateness.kind, JobLateness.seconds, JobLateness.tasks)
        )
    }
    bounds = (*BOUNDS, BEYOND)

    def rising(kind: str) -> list[tuple[float, int]]:
        sums = accumulate(counted.get((kind, one), 0) for one in bounds)
        return list(zip(bounds, sums, strict=True))

    return {kind: rising(kind) for kind in sorted({kind for kind, _ in counted})}
