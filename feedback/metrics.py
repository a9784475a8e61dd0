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
from models.sending import SenderState
from models.status import TaskStatus
from surveys.pacing import Standing, down

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
    _senders(session, registry, now)


def _senders(session: Session, registry: CollectorRegistry, now: datetime) -> None:
    lame = Gauge(
        "waymark_senders_down",
        "Senders whose SMS can't leave by themselves now, by the provider's code for why.",
        ["provider", "reason"],
        registry=registry,
    )
    for state in session.scalars(select(SenderState).where(SenderState.paused_until > now)):
        standing = Standing(
            paused_until=state.paused_until, failures=state.failures, alarm_code=state.alarm_code
        )
        if down(standing, now):
            lame.labels(state.provider, state.alarm_code or state.reason or "").inc()
    borrowed = Gauge(
        "waymark_messages_by_fallback",
        "SMS that left, or wait to leave, by the fall-back instead of their own sender.",
        registry=registry,
    )
    by_other = select(func.count()).where(Message.via.is_not(None), Message.direction == "out")
    borrowed.set(session.scalar(by_other) or 0)


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
