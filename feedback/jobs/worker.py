"""The worker: claims tasks and does them, one at a time in a lane; may be killed at any instant."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from feedback.jobs import lanes, tasks, totals, workers
from feedback.jobs.bench import Bench
from feedback.jobs.clock import new_name
from feedback.jobs.lanes import Lane, all_lanes
from feedback.jobs.stuck import expected
from feedback.jobs.work import JOBS, Job, run_to_the_end
from models.job import Task
from surveys.pauses import EVERY, kinds_at_rest

POLL_SECONDS = 0.2
SIGN_OF_LIFE_SECONDS = 5.0
LOOK_FOR_PAUSES_SECONDS = 1.0
LONGEST_TASK = timedelta(seconds=60)

log = structlog.get_logger(__name__)


def nothing() -> None:
    """Nothing to do beside a sign of life."""


@dataclass
class Worker:
    """Works until it is told to stop.

    Every `poll_seconds` one look wakes the lanes that have work. Each lane does one task at a
    time, whoever woke it: that look, or a message of the broker. `beside` runs at each sign of
    life.
    """

    bench: Bench
    name: str = field(default_factory=new_name)
    poll_seconds: float = POLL_SECONDS
    takes_from: str = workers.DATABASE
    beside: Callable[[], None] = nothing
    jobs: Mapping[str, Job] = field(default_factory=lambda: JOBS)
    stopping: threading.Event = field(default_factory=threading.Event)
    _lanes: dict[str, Lane] = field(default_factory=all_lanes, init=False, repr=False)
    _doing: dict[int, Task] = field(default_factory=dict, init=False, repr=False)
    _told: set[int] = field(default_factory=set, init=False, repr=False)

    def run(self) -> None:
        """Run every lane; returns when stopped and the tasks under way are done."""
        ended, since = threading.Event(), self.bench.services.now()
        living = threading.Thread(target=self._live, args=(ended, since), name="living")
        living.start()
        mine = self._lanes.values()
        try:
            lanes.run(mine, self.turn, self._waiting, self.stopping, self.poll_seconds)
        finally:
            ended.set()
            living.join()

    def stop(self) -> None:
        """Finish what is under way and return."""
        self.stopping.set()

    def _waiting(self) -> frozenset[str]:
        try:
            with self.bench.session() as session:
                return frozenset(tasks.waiting(session, self.bench.services.now()))
        except SQLAlchemyError as error:
            log.warning("database_unreachable", lane="looking", reason=type(error).__name__)
            return frozenset()

    def turn(self, name: str) -> int:
        """Do a lane's tasks until none is left; how many. None at once where it is busy."""
        lane = self._lanes[name]
        if not lane.busy.acquire(blocking=False):
            return 0
        done = 0
        try:
            while not self.stopping.is_set() and self.one(lane.kinds):
                done += 1
        except SQLAlchemyError as error:
            log.warning("database_unreachable", lane=name, reason=type(error).__name__)
        finally:
            lane.busy.release()
        return done

    def _live(self, ended: threading.Event, since: datetime) -> None:
        """Give a sign of life every few seconds, so that a dead worker is soon known as one."""
        stopped = False
        while not stopped:
            try:
                with self.bench.session() as session:
                    now = self.bench.services.now()
                    tasks.keep(session, self.name, now)
                    workers.seen(session, self.name, self.takes_from, since, now)
                    session.commit()
                self._name_the_stuck(now)
            except SQLAlchemyError as error:
                log.warning("database_unreachable", lane="living", reason=type(error).__name__)
            self.beside()
            stopped = ended.wait(SIGN_OF_LIFE_SECONDS)
        self._leave()

    def _leave(self) -> None:
        try:
            with self.bench.session() as session:
                workers.gone(session, self.name)
                session.commit()
        except SQLAlchemyError:
            log.warning("database_unreachable", lane="living")

    def _name_the_stuck(self, now: datetime) -> None:
        """Say once of each task that it takes longer than its kind should."""
        for task in list(self._doing.values()):
            since = task.started_at or now
            if now - since > expected(task.kind) and task.id not in self._told:
                self._told.add(task.id)
                log.warning(
                    "task_stuck", kind=task.kind, task=task.id, worker=self.name, since=str(since)
                )

    def one(self, kinds: tuple[str, ...]) -> bool:
        """Claim and do one task; False when there was none."""
        services = self.bench.services
        with self.bench.session() as session:
            task = tasks.claim(session, kinds, self.name, services.now())
        if task is None:
            return False
        self._doing[task.id] = task
        try:
            self._do(task)
        finally:
            del self._doing[task.id]
            self._told.discard(task.id)
        return True

    def _do(self, task: Task) -> None:
        lateness = totals.lateness_of(task, self.bench.services.now())
        try:
            rows = run_to_the_end(self.bench, self.jobs[task.kind], self._until(task.kind))
        except Exception as error:
            log.exception("task_failed", kind=task.kind, task=task.id, attempts=task.attempts)
            self._note(task, lateness, 0, f"{type(error).__name__}: {error}")
            return
        self._note(task, lateness, rows, None)

    def _note(self, task: Task, lateness: float, rows: int, error: str | None) -> None:
        """Write down how a task ended, and count it, in one transaction."""
        now = self.bench.services.now()
        with self.bench.session() as session:
            if error is None:
                tasks.settle(session, task, self.name, rows, now)
            else:
                tasks.retry(session, task, self.name, error, now)
            totals.add(session, task.kind, lateness, rows, error is not None)
            session.commit()

    def _until(self, kind: str) -> Callable[[], bool]:
        """Whether a task is to end here: the worker stops, it took long, or its kind rests."""
        limit = time.monotonic() + LONGEST_TASK.total_seconds()
        look_at = time.monotonic() + LOOK_FOR_PAUSES_SECONDS

        def over() -> bool:
            nonlocal look_at
            at = time.monotonic()
            if self.stopping.is_set() or at > limit:
                return True
            if at < look_at:
                return False
            look_at = at + LOOK_FOR_PAUSES_SECONDS
            with self.bench.session() as session:
                return bool(kinds_at_rest(session) & {kind, EVERY})

        return over
