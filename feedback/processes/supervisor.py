"""Keeps the embedded run's processes alive, and stops them together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog

POLL_SECONDS = 0.5
PATIENCE_SECONDS = 15.0
RESTART_SECONDS = 1.0

log = structlog.get_logger(__name__)


@dataclass
class Child:
    """One process of the program, by the arguments of its `waymark` command.

    `told` is added to its environment.
    """

    arguments: Sequence[str]
    told: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, or start it again."""
        command = [sys.executable, "-m", "feedback", *self.arguments]
        environment = {**os.environ, **self.told}
        self.process = subprocess.Popen(command, env=environment)  # noqa: S603 - our own program

    def ended(self) -> int | None:
        """Its exit status; None while it runs."""
        return self.process.poll() if self.process else None


@dataclass
class Supervisor:
    """Runs children until told to stop; one that dies is started again."""

    children: Sequence[Child]
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Start all, watch over them, and stop all at the end."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.stopping.set())
        for child in self.children:
            child.start()
        while not self.stopping.wait(POLL_SECONDS):
            self._revive()
        self._stop()

    def _revive(self) -> None:
        for child in self.children:
            status = child.ended()
            if status is not None and not self.stopping.wait(RESTART_SECONDS):
                log.warning("process_restarted", command=child.arguments[0], status=status)
                child.start()

    def _stop(self) -> None:
        running = [c.process for c in self.children if c.process and c.process.poll() is None]
        for process in running:
            process.terminate()
        end = time.monotonic() + PATIENCE_SECONDS
        for process in running:
            try:
                process.wait(max(end - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()
