"""`waymark clock`: hands out what is due."""

from __future__ import annotations

import signal

import click
from apscheduler.schedulers.blocking import BlockingScheduler

from feedback.app import utc_now
from feedback.commands.context import load_settings, open_engine
from feedback.jobs.announce import announce
from feedback.jobs.clock import Clock, schedule
from feedback.jobs.database_time import SKEW_SECONDS, DatabaseTime


@click.command()
def command() -> None:
    """Run the clock; of several, one is active and another takes over within seconds."""
    settings = load_settings()
    engine = open_engine(settings)
    now = DatabaseTime(engine, utc_now)
    clock = Clock(engine, now)
    scheduler = BlockingScheduler(timezone="UTC")
    schedule(clock, scheduler)
    scheduler.add_job(now.refresh, "interval", seconds=SKEW_SECONDS, id="time")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: scheduler.shutdown(wait=False))
    stop = announce(clock, settings.broker_url)
    scheduler.start()
    stop()
    clock.stop()
