"""The web process: gunicorn, configured in code; embedded, the clock runs inside it."""

from __future__ import annotations

import atexit
import gc
import os
from dataclasses import dataclass
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy.orm import configure_mappers

from feedback.app import create_app, utc_now
from feedback.jobs.announce import announce
from feedback.jobs.clock import Clock, start_inside
from feedback.reporting.worked import remember
from feedback.settings import Settings
from models.base import db
from surveys.language_pack import load_packs

THREADS = 8


@dataclass(frozen=True)
class Server:
    """Where and how the web process listens."""

    host: str
    port: int
    workers: int
    clock_inside: bool


def settle_memory() -> None:
    """Take what is loaded for good out of the garbage collector's sight, and let it look seldom.

    A report makes a hundred thousand small objects that reference counts free by themselves;
    looking through them again and again took a third of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def before_parting() -> None:
    """Make ready, before the workers part, what each would make of its first requests.

    Eight threads at once made it each for itself: the first replies of a worker took a second.
    """
    configure_mappers()
    load_packs()


def start_clock(app: Flask, broker_url: str | None) -> None:
    """Run a clock in this web worker; the lease keeps one active however many there are."""
    with app.app_context():
        inside = Clock(db.engine, utc_now)
    atexit.register(start_inside(inside))
    atexit.register(announce(inside, broker_url))


class Web(BaseApplication):  # type: ignore[misc]
    """Gunicorn with our application."""

    def __init__(self, settings: Settings, server: Server) -> None:
        self.settings = settings
        self.server = server
        super().__init__()

    def load_config(self) -> None:
        """The few settings that matter; threads because most of a request is waiting."""
        values: dict[str, Any] = {
            "bind": f"{self.server.host}:{self.server.port}",
            "workers": self.server.workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "keepalive": 5,
            "graceful_timeout": 10,
            "loglevel": "warning",
            "forwarded_allow_ips": os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1"),
            # heartbeats on a memory file system: a slow disk must not look like a dead worker
            "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: S108, PTH112
        }
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, made in each worker."""
        app = create_app(self.settings)
        if self.server.clock_inside:
            start_clock(app, self.settings.broker_url)
        with app.app_context():
            remember(db.engine)
        settle_memory()
        return app


def run(settings: Settings, server: Server) -> None:
    """Serve until told to stop."""
    before_parting()
    Web(settings, server).run()
