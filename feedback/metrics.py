"""What Prometheus is told; counters live in the process, levels are read when asked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback import counters, job_metrics
from models.job import Task
from models.message import Message
from models.status import TaskStatus

assert counters.EVENTS  # registered with the process's own registry when imported


def _levels(session: Session, registry: CollectorRegistry, now: datetime) -> None:
    messages = Gauge(
        "waymark_messages_total",
        "SMS by direction and status, counted in the database.",
        ["direction", "status"],
        registry=registry,
    )
    counts = select(Message.direction, Message.status, func.count()).group_by(
        Message.direction, Message.status
    )
    for direction, status, count in session.execute(counts):
        messages.labels(direction, status).set(count)
    job_metrics.levels(session, registry, now)
    tasks = Gauge("waymark_tasks", "Batches of work by status.", ["status"], registry=registry)
    unfinished = select(Task.status, func.count()).where(Task.status != TaskStatus.DONE.value)
    for status, count in session.execute(unfinished.group_by(Task.status)):
        tasks.labels(status).set(count)


def exposition(session: Session, now: datetime) -> Iterator[bytes]:
    """Prometheus text: this process's counters (all processes' where shared), then the levels."""
    shared = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
        yield generate_latest(shared)
    else:
        yield generate_latest(REGISTRY)
    levels = CollectorRegistry()
    _levels(session, levels, now)
    yield generate_latest(levels)
