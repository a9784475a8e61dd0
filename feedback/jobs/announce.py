"""Where there is a broker, it is told of what a clock hands out."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from feedback.jobs.clock import Clock


def announce(clock: Clock, broker_url: str | None) -> Callable[[], None]:
    """Begin to tell the broker, if there is one; gives what ends it.

    Celery, and what the lanes need, are loaded only then.
    """
    if broker_url is None:
        return lambda: None
    told = importlib.import_module("feedback.jobs.announcer")
    bell = told.CeleryBell(told.Broker(broker_url))
    announcer = told.Announcer(clock.engine, clock.now, lambda: clock.active, bell)
    end: Callable[[], None] = announcer.start()
    return end
