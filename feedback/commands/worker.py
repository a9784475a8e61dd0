"""`waymark worker`: does what the clock hands out."""

from __future__ import annotations

import signal

import click

from feedback.app import make_services
from feedback.commands.context import load_settings, open_engine
from feedback.jobs.work import Bench
from feedback.jobs.worker import Worker


@click.command()
def command() -> None:
    """Run a worker; several may run, on one machine or many."""
    settings = load_settings()
    worker = Worker(Bench(open_engine(settings), make_services(settings)))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: worker.stop())
    worker.run()
