"""`waymark clock`: hands out what is due."""

from __future__ import annotations

import signal

import click
from apscheduler.schedulers.blocking import BlockingScheduler

from feedback.app import utc_now
from feedback.commands.context import load_settings, open_engine
from feedback.jobs.clock import make_clock, schedule


@click.command()
def command() -> None:
    """Run the clock; of several, one is active and another takes over within seconds."""
    clock = make_clock(open_engine(load_settings()), utc_now)
    scheduler = BlockingScheduler(timezone="UTC")
    schedule(clock, scheduler)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: scheduler.shutdown(wait=False))
    scheduler.start()
    clock.stop()
