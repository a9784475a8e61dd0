"""The clock: every second it asks what is due and hands it out; one is active at a time."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback.jobs import due, tasks
from feedback.jobs.lease import Right, make_right

EVERY_SECONDS = 1
SWEEP_SECONDS = 600

log = structlog.get_logger(__name__)


def process_name() -> str:
    """This process, in words: host and pid."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass
class Clock:
    """Hands out what is due while it holds the right to."""

    engine: Engine
    right: Right
    now: Callable[[], datetime]
    active: bool = False

    def tick(self) -> int:
        """One look at everything due; how many tasks were handed out."""
        now = self.now()
        holds = self.right.keep(now)
        if holds != self.active:
            self.active = holds
            log.info("clock_active" if holds else "clock_waiting", process=process_name())
        if not holds:
            return 0
        with Session(self.engine) as session:
            handed = sum(_hand_out(session, kind, now) for kind in due.KINDS)
            session.commit()
        return handed

    def sweep(self) -> None:
        """Forget what was done long ago."""
        if self.active:
            with Session(self.engine) as session:
                tasks.sweep(session, self.now())

    def stop(self) -> None:
        """Let another take over at once."""
        if self.active:
            self.right.give_up()
            self.active = False


def _hand_out(session: Session, kind: str, now: datetime) -> bool:
    due_at = due.KINDS[kind](session, now)
    return due_at is not None and tasks.hand_out(session, kind, due_at, now)


def make_clock(engine: Engine, now: Callable[[], datetime]) -> Clock:
    """A clock of this process."""
    return Clock(engine, make_right(engine, process_name()), now)


def schedule(clock: Clock, scheduler: BaseScheduler) -> None:
    """Put the clock's two jobs on an APScheduler; missed runs are one run, never two at once."""
    options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler.add_job(clock.tick, "interval", seconds=EVERY_SECONDS, id="tick", **options)
    scheduler.add_job(clock.sweep, "interval", seconds=SWEEP_SECONDS, id="sweep", **options)


def start_inside(engine: Engine, now: Callable[[], datetime]) -> Callable[[], None]:
    """Run a clock in a thread of this process; gives the function that stops it."""
    clock = make_clock(engine, now)
    scheduler = BackgroundScheduler(timezone="UTC")
    schedule(clock, scheduler)
    scheduler.start()

    def stop() -> None:
        scheduler.shutdown(wait=True)
        clock.stop()

    return stop
