"""`waymark worker`: does what the clock hands out."""

from __future__ import annotations

import signal

import click

from feedback.alerts.deliver import Sender
from feedback.alerts.ways import ways_of
from feedback.app import make_services
from feedback.commands.context import load_settings, open_engine
from feedback.jobs.bench import Bench
from feedback.jobs.worker import Worker


@click.command()
def command() -> None:
    """Run a worker; several may run, on one machine or many."""
    settings = load_settings()
    sender = Sender(ways_of(settings))
    # SQLite takes one writer at a time, so that more hands would only wait
    threads = 1 if settings.embedded else settings.sending_threads
    services = make_services(settings)
    bench = Bench(
        open_engine(settings),
        services,
        sender=sender,
        sending_threads=threads,
        intake_folder=settings.intake_folder,
    )
    worker = Worker(bench)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: worker.stop())
    worker.run()
