"""Work as Prometheus sees it, read from the database: one web process tells of all workers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.jobs import due, lease, stuck, totals, workers
from models.job import JobTotal, Task
from models.status import TaskStatus

Bucket = tuple[str, float]


def levels(session: Session, registry: CollectorRegistry, now: datetime) -> None:
    """What waits, is late, runs and is stuck now, and what was done since the beginning."""
    _due(session, registry, now)
    _tasks(session, registry, now)
    active = lease.holder(session, lease.CLOCK) is not None
    _gauge(registry, "waymark_clock_active", "Whether a clock is active.").set(active)
    living = _gauge(registry, "waymark_workers", "Workers that gave a sign of life.")
    living.set(workers.count_living(session, now))
    registry.register(_Done(totals.totals(session), totals.lateness(session)))


def _gauge(registry: CollectorRegistry, name: str, words: str, *labels: str) -> Gauge:
    return Gauge(name, words, list(labels), registry=registry)


def _due(session: Session, registry: CollectorRegistry, now: datetime) -> None:
    words = "Seconds since when the oldest row of a kind of work is due; 0 when none is."
    oldest = _gauge(registry, "waymark_jobs_oldest_due_seconds", words, "kind")
    for kind, look in due.KINDS.items():
        since = look(session, now)
        oldest.labels(kind).set(max((now - since).total_seconds(), 0) if since else 0)


def _tasks(session: Session, registry: CollectorRegistry, now: datetime) -> None:
    words = "Unfinished batches of a kind of work, by status."
    depth = _gauge(registry, "waymark_jobs_tasks", words, "kind", "status")
    counts = dict.fromkeys((kind, one) for kind in due.KINDS for one in ("ready", "running"))
    unfinished = (TaskStatus.READY.value, TaskStatus.RUNNING.value)
    rows = session.execute(
        select(Task.kind, Task.status, func.count())
        .where(Task.status.in_(unfinished))
        .group_by(Task.kind, Task.status)
    )
    found = {(kind, status): count for kind, status, count in rows}
    for kind, status in {**counts, **found}:
        depth.labels(kind, status).set(found.get((kind, status), 0))
    held = _gauge(registry, "waymark_jobs_stuck", "Tasks under way for too long.", "kind")
    for kind in due.KINDS:
        held.labels(kind).set(0)
    for task in stuck.stuck(session, now):
        held.labels(task.kind).inc()


class _Done(Collector):
    """What was done: counters and lateness that no restart sets back."""

    def __init__(self, done: Iterable[JobTotal], late: dict[str, list[tuple[float, int]]]) -> None:
        self.done = list(done)
        self.late = late

    def collect(self) -> Iterable[Metric]:
        """The three counters, and the histogram of lateness, by kind."""
        for name, words in (
            ("tasks", "Batches of work done or failed."),
            ("rows", "Rows worked on."),
            ("failures", "Batches of work that failed."),
        ):
            counter = CounterMetricFamily(f"waymark_jobs_{name}", words, labels=["kind"])
            for one in self.done:
                counter.add_metric([one.kind], getattr(one, name))
            yield counter
        yield self._lateness()

    def _lateness(self) -> HistogramMetricFamily:
        words = "How long after it was due a batch of work began."
        histogram = HistogramMetricFamily("waymark_jobs_lateness_seconds", words, labels=["kind"])
        for one in self.done:
            buckets = [_bucket(bound, count) for bound, count in self.late.get(one.kind, [])]
            if buckets:
                histogram.add_metric([one.kind], buckets, one.lateness_seconds)
        return histogram


def _bucket(bound: float, count: int) -> Bucket:
    return ("+Inf" if bound == totals.BEYOND else str(bound)), count
