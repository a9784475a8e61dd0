"""The worker: claims tasks and does them, one thread a lane; may be killed at any instant."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from sqlalchemy.exc import OperationalError

from feedback import metrics
from feedback.jobs import tasks
from feedback.jobs.bench import Bench
from feedback.jobs.clock import process_name
from feedback.jobs.work import LANES, run_to_the_end
from models.job import Task

POLL_SECONDS = 0.2
SIGN_OF_LIFE_SECONDS = 5.0
LONGEST_TASK = timedelta(seconds=60)

log = structlog.get_logger(__name__)


@dataclass
class Worker:
    """Works until it is told to stop.

    Its name is its own: after a restart host and process id may be those of before.
    """

    bench: Bench
    name: str = field(default_factory=lambda: f"{process_name()}:{secrets.token_hex(4)}")
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Run every lane; returns when stopped and the tasks under way are done."""
        lanes = [
            threading.Thread(target=self._lane, args=(name, kinds), name=name)
            for name, kinds in LANES.items()
        ]
        ended = threading.Event()
        living = threading.Thread(target=self._live, args=(ended,), name="living")
        for thread in (*lanes, living):
            thread.start()
        for lane in lanes:
            lane.join()
        ended.set()
        living.join()

    def stop(self) -> None:
        """Finish what is under way and return."""
        self.stopping.set()

    def _lane(self, name: str, kinds: tuple[str, ...]) -> None:
        while not self.stopping.is_set():
            try:
                busy = self.one(kinds)
            except OperationalError:
                log.warning("database_unreachable", lane=name)
                busy = False
            if not busy:
                self.stopping.wait(POLL_SECONDS)

    def _live(self, ended: threading.Event) -> None:
        """Give a sign of life every few seconds, so that a dead worker is soon known as one."""
        while not ended.wait(SIGN_OF_LIFE_SECONDS):
            try:
                with self.bench.session() as session:
                    tasks.keep(session, self.name, self.bench.services.now())
            except OperationalError:
                log.warning("database_unreachable", lane="living")

    def one(self, kinds: tuple[str, ...]) -> bool:
        """Claim and do one task; False when there was none."""
        services = self.bench.services
        with self.bench.session() as session:
            task = tasks.claim(session, kinds, self.name, services.now())
        if task is None:
            return False
        lateness = (services.now() - task.due_at).total_seconds()
        metrics.JOBS_LATENESS.labels(task.kind).observe(max(lateness, 0.0))
        self._do(task)
        return True

    def _do(self, task: Task) -> None:
        services = self.bench.services
        limit = time.monotonic() + LONGEST_TASK.total_seconds()
        try:
            rows = run_to_the_end(
                self.bench,
                task.kind,
                lambda: self.stopping.is_set() or time.monotonic() > limit,
            )
        except Exception as error:
            log.exception("task_failed", kind=task.kind, task=task.id, attempts=task.attempts)
            with self.bench.session() as session:
                tasks.retry(session, task, f"{type(error).__name__}: {error}", services.now())
            return
        with self.bench.session() as session:
            tasks.settle(session, task.id, rows, services.now())
