"""The clock: every second it asks what is due and hands it out; one is active at a time."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from feedback.jobs import due, tasks, workers
from feedback.jobs.lease import ClockLease
from surveys.pauses import EVERY, kinds_at_rest

EVERY_SECONDS = 1
SWEEP_SECONDS = 600

log = structlog.get_logger(__name__)


def process_name() -> str:
    """This process, in words: host and pid."""
    return f"{socket.gethostname()}:{os.getpid()}"


def new_name() -> str:
    """A name no process had before: after a restart host and pid may be the same."""
    return f"{process_name()}:{secrets.token_hex(4)}"


@dataclass
class Clock:
    """Hands out what is due while it holds the right to."""

    engine: Engine
    now: Callable[[], datetime]
    lease: ClockLease = field(default_factory=lambda: ClockLease(new_name()))
    active: bool = False
    _reachable: bool = field(default=True, init=False)

    def tick(self) -> int:
        """One look at everything due; how many tasks were handed out.

        A database that does not answer is said once; the rows stay due.
        """
        try:
            handed = self._tick()
        except SQLAlchemyError as error:
            self._say(False)
            if self._reachable:
                log.warning("database_unreachable", reason=type(error).__name__)
            self._reachable = False
            return 0
        self._reachable = True
        return handed

    def _tick(self) -> int:
        if not self.active and not self._keep():
            return 0
        now = self.now()
        with Session(self.engine) as session:
            owed = owed_now(session, now)
        # what was just read is handed out only if this clock still is the one, as of the commit
        with Session(self.engine) as session:
            self._say(self.lease.keep(session.connection()))
            handed = tasks.hand_out_all(session, owed, now) if self.active else 0
            session.commit()
        return handed

    def _keep(self) -> bool:
        with self.engine.begin() as connection:
            holds = self.lease.keep(connection)
        self._say(holds)
        return holds

    def _say(self, active: bool) -> None:
        if active != self.active:
            self.active = active
            log.info("clock_active" if active else "clock_waiting", epoch=self.lease.epoch)

    def sweep(self) -> None:
        """Forget what was done long ago."""
        with Session(self.engine) as session:
            if self.lease.renew(session.connection()):
                tasks.sweep(session, self.now())
                workers.sweep(session, self.now())
                session.commit()

    def stop(self) -> None:
        """Let another take over at once; where the database is gone, the right runs out."""
        if self.active:
            self.active = False
            with suppress(SQLAlchemyError), self.engine.begin() as connection:
                self.lease.give_up(connection)


def owed_now(session: Session, now: datetime) -> list[tasks.Owed]:
    """Every kind that has something due and does not rest."""
    resting = kinds_at_rest(session)
    if EVERY in resting:
        return []
    # SQLite takes one writer at a time, and locks no rows
    many = session.get_bind().dialect.name == "postgresql"
    hands = max(workers.count_living(session, now), 1) if many else 1
    found = {kind: look(session, now) for kind, look in due.KINDS.items() if kind not in resting}
    return [
        tasks.Owed(kind, due_at, hands if kind in due.WIDE else 1)
        for kind, due_at in found.items()
        if due_at is not None
    ]


def schedule(clock: Clock, scheduler: BaseScheduler) -> None:
    """Put the clock's two jobs on an APScheduler; missed runs are one run, never two at once."""
    options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler.add_job(clock.tick, "interval", seconds=EVERY_SECONDS, id="tick", **options)
    scheduler.add_job(clock.sweep, "interval", seconds=SWEEP_SECONDS, id="sweep", **options)


def start_inside(clock: Clock) -> Callable[[], None]:
    """Run a clock in a thread of this process; gives the function that stops it."""
    scheduler = BackgroundScheduler(timezone="UTC")
    schedule(clock, scheduler)
    scheduler.start()

    def stop() -> None:
        scheduler.shutdown(wait=True)
        clock.stop()

    return stop
