"""The program's processes in a fault run: started, killed at any instruction, started again."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from benchmarks.ports import free_port

COMMANDS = {"web": "serve", "clock": "clock", "worker": "worker", "second worker": "worker"}
CLUSTER = "waymark_faults"


@dataclass
class Fleet:
    """The processes by name, each in a group of its own."""

    environment: Mapping[str, str]
    log: IO[bytes]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start one."""
        command = [sys.executable, "-m", "feedback", COMMANDS[name]]
        options = {"env": dict(self.environment), "stdout": self.log, "stderr": self.log}
        self.running[name] = subprocess.Popen(command, start_new_session=True, **options)  # type: ignore[call-overload]

    def kill(self, name: str) -> None:
        """End one, and what it started, between two instructions."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End all that run."""
        for name in list(self.running):
            self.kill(name)

    def wait_until_ready(self, url: str, seconds: float = 60.0) -> None:
        """Until the web process and a clock answer."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{url}/readyz", timeout=2):
                    return
            except OSError:
                time.sleep(0.2)
        raise SystemExit("the program did not get ready")


@contextmanager
def postgres() -> Iterator[tuple[str, list[str]] | None]:
    """A PostgreSQL of our own, which may be restarted: its URL and the command that does it.

    None where Debian's pg_createcluster isn't there, or not for us.
    """
    versions = sorted(Path("/usr/lib/postgresql").glob("*"))
    if shutil.which("pg_createcluster") is None or os.geteuid() or not versions:
        yield None
        return
    version, port = versions[-1].name, free_port()
    name = f"{CLUSTER}_{secrets.token_hex(2)}"
    made = ["pg_createcluster", version, name, "-p", str(port), "--start-conf=manual"]
    subprocess.run([*made, "--", "--auth=trust"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["pg_ctlcluster", version, name, "start"], check=True)
    try:
        again = ["pg_ctlcluster", version, name, "restart", "-m", "immediate"]
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres", again
    finally:
        drop = ["pg_dropcluster", "--stop", version, name]
        subprocess.run(drop, check=True, stdout=subprocess.DEVNULL)
