"""The time that processes on many machines go by: the database's, so that no clock is skewed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from feedback.jobs.lease import moment

SKEWED = timedelta(seconds=2)
SKEW_SECONDS = 10
"""How often a clock looks at the database's time again."""

log = structlog.get_logger(__name__)


@dataclass
class DatabaseTime:
    """Gives the database's time, asked now and then and carried on in between.

    Between two looks this machine only says how much time has passed, so that setting its
    clock changes nothing. `here` is this machine's own time.
    """

    engine: Engine
    here: Callable[[], datetime]
    steady: Callable[[], float] = time.monotonic
    _asked: datetime = field(init=False)
    _since: float = field(init=False)
    _warned: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._asked, self._since = self.here(), self.steady()
        self.refresh()

    def __call__(self) -> datetime:
        """The time it is, aware."""
        return self._asked + timedelta(seconds=self.steady() - self._since)

    def refresh(self) -> None:
        """Ask the database; where it does not answer, the time goes on as before."""
        if self.engine.dialect.name != "postgresql":
            self._asked, self._since = self.here(), self.steady()
            return
        before = self.steady()
        try:
            with self.engine.connect() as connection:
                asked = connection.scalar(select(moment("postgresql")))
        except SQLAlchemyError:
            return
        assert isinstance(asked, datetime)
        after = self.steady()
        self._asked, self._since = asked.astimezone(UTC), (before + after) / 2
        self._warn()

    def _warn(self) -> None:
        """Say once that this machine's clock is wrong."""
        off = abs(self.skew()) > SKEWED
        if off and not self._warned:
            seconds = round(self.skew().total_seconds(), 1)
            log.warning("clock_of_machine_is_off", seconds=seconds, instead="the database's time")
        self._warned = off

    def skew(self) -> timedelta:
        """How far this machine's clock is ahead of the database's."""
        return self.here() - self()
