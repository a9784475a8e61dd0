"""`waymark worker`: does what the clock hands out."""

from __future__ import annotations

import importlib
import signal
import threading

import click

from feedback.alerts.deliver import Sender
from feedback.alerts.ways import ways_of
from feedback.app import make_services, utc_now
from feedback.commands.context import load_settings, open_engine
from feedback.jobs import workers
from feedback.jobs.bench import Bench
from feedback.jobs.database_time import DatabaseTime
from feedback.jobs.worker import Worker
from feedback.settings import Settings

FALL_BACK_SECONDS = 5.0
"""How often a worker that a broker wakes looks by itself: a broker may be away."""


@click.command()
def command() -> None:
    """Run a worker; several may run, on one machine or many.

    With BROKER_URL it is a Celery worker that is told of work; else it looks for it.
    """
    settings = load_settings()
    worker = make_worker(settings)
    if settings.broker_url:
        _under_celery(worker, settings.broker_url)
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: worker.stop())
    worker.run()


def make_worker(settings: Settings) -> Worker:
    """A worker by the settings: its time is the database's."""
    engine = open_engine(settings)
    now = DatabaseTime(engine, utc_now)
    # SQLite takes one writer at a time, so that more hands would only wait
    threads = 1 if settings.embedded else settings.sending_threads
    services, sender = make_services(settings, now), Sender(ways_of(settings))
    bench = Bench(
        engine,
        services,
        sender=sender,
        sending_threads=threads,
        intake_folder=settings.intake_folder,
    )
    if settings.broker_url:
        return Worker(
            bench, poll_seconds=FALL_BACK_SECONDS, takes_from=workers.BROKER, beside=now.refresh
        )
    return Worker(bench, beside=now.refresh)


def _under_celery(worker: Worker, broker_url: str) -> None:
    """Celery in the main thread, since signals come there; the lanes look by themselves too."""
    broker = importlib.import_module("feedback.jobs.broker")
    signals = importlib.import_module("celery.signals")
    signals.worker_shutting_down.connect(lambda **_: worker.stop(), weak=False)
    lanes = threading.Thread(target=worker.run, name="lanes")
    lanes.start()
    try:
        broker.Broker(broker_url).worker(worker.turn).start()
    finally:
        worker.stop()
        lanes.join()
