"""Tells the broker, beside the active clock, of tasks that a worker may take.

It only speaks of rows: it needs no fence, for a message too many makes a worker look in vain.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import structlog
from kombu.exceptions import KombuError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from feedback.jobs import tasks
from feedback.jobs.broker import LANE_OF, PATIENCE_SECONDS, TASK, Broker

EVERY_SECONDS = 0.25
REST_SECONDS = 2.0
"""How long a broker that fails is left alone."""

log = structlog.get_logger(__name__)


class BrokerFailed(Exception):
    """The broker does not answer, or refuses."""


class Bell(Protocol):
    """Wakes workers."""

    def ring(self, waiting: Mapping[str, int]) -> int:
        """See that as many messages wait as tasks do, by kind; how many were sent."""

    def drop(self) -> None:
        """Forget the connection."""


@dataclass
class CeleryBell:
    """Wakes Celery workers, and never lets more messages wait than there are tasks."""

    broker: Broker
    _app: Any = field(default=None, init=False, repr=False)
    _connection: Any = field(default=None, init=False, repr=False)

    def ring(self, waiting: Mapping[str, int]) -> int:
        """Send what is missing; raises BrokerFailed."""
        try:
            return sum(self._fill(kind, count) for kind, count in waiting.items())
        except (*self._errors(), KombuError, OSError) as error:
            raise BrokerFailed(type(error).__name__) from error

    def _errors(self) -> tuple[type[Exception], ...]:
        known = self._connection
        return (*known.connection_errors, *known.channel_errors) if known else ()

    def _fill(self, kind: str, count: int) -> int:
        queue = self.broker.queue(LANE_OF[kind])
        bound = queue.bind(self._channel())
        bound.declare()
        there: int = bound.queue_declare().message_count
        missing = max(count - there, 0)
        for _ in range(missing):
            self._app.send_task(
                TASK, args=(kind,), queue=queue, connection=self._connection, retry=False
            )
        return missing

    def _channel(self) -> Any:
        if self._connection is None:
            self._app = self._app or self.broker.app(asking=True)
            self._connection = self._app.connection_for_write(connect_timeout=PATIENCE_SECONDS)
        self._connection.ensure_connection(max_retries=1, timeout=PATIENCE_SECONDS)
        return self._connection.default_channel

    def drop(self) -> None:
        """Forget the connection: the next ring makes a new one."""
        known, self._connection = self._connection, None
        if known is not None:
            try:
                known.release()
            except (KombuError, OSError):
                log.debug("broker_connection_broken")


@dataclass
class Announcer:
    """Looks every quarter of a second which tasks wait, and rings for them."""

    engine: Engine
    now: Callable[[], datetime]
    active: Callable[[], bool]
    bell: Bell
    stopping: threading.Event = field(default_factory=threading.Event)
    reachable: bool = True

    def look(self) -> bool:
        """Ring for what waits; False when the broker or the database failed."""
        if not self.active():
            return True
        try:
            with Session(self.engine) as session:
                waiting = tasks.waiting(session, self.now())
            self.bell.ring(waiting)
        except SQLAlchemyError:
            return False  # the clock says so
        except BrokerFailed as error:
            self.bell.drop()
            self._say(False, str(error))
            return False
        if waiting:
            self._say(True)
        return True

    def _say(self, reachable: bool, reason: str = "") -> None:
        """Say once that the broker is away, and once that it is back."""
        if reachable != self.reachable:
            self.reachable = reachable
            if reachable:
                log.info("broker_reachable")
            else:
                log.warning(
                    "broker_unreachable", reason=reason, meanwhile="workers look themselves"
                )

    def run(self) -> None:
        """Look until told to stop."""
        while not self.stopping.wait(EVERY_SECONDS if self.look() else REST_SECONDS):
            pass
        self.bell.drop()

    def start(self) -> Callable[[], None]:
        """Look in a thread; gives the function that stops it."""
        thread = threading.Thread(target=self.run, name="announcer", daemon=True)
        thread.start()

        def stop() -> None:
            self.stopping.set()
            thread.join(REST_SECONDS + 2 * PATIENCE_SECONDS)

        return stop
