"""What the benchmarks of the web share: throw-away databases, gunicorn, wrk, and turns.

All servers of a comparison are up at once and are loaded in short turns, one after the other,
round after round: whatever else the machine is doing then falls on all of them alike. A ratio is
taken within a round; what is told is its median, with the lowest and the highest.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import create_engine, text

from benchmarks.ports import free_port
from models.engine import parse_url

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Load:
    """How servers are run and loaded; `seconds` is the length of one turn."""

    seconds: int
    rounds: int
    clients: int
    workers: int = 2
    threads: int = 8


@dataclass(frozen=True)
class Place:
    """A kind of database, and the server where a throw-away one is made."""

    kind: str
    url: str


def arguments(description: str | None) -> tuple[Load, list[Place]]:
    """The load and the databases that the command line asks for; refuses to run without wrk."""
    return asked(options(description).parse_args())


def options(description: str | None) -> argparse.ArgumentParser:
    """What every benchmark of the web can be told; one may add its own."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--postgres", default=os.environ.get("WAYMARK_TEST_POSTGRES"))
    parser.add_argument("--only", choices=("SQLite", "PostgreSQL"))
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--clients", type=int, default=16)
    return parser


def asked(given: argparse.Namespace) -> tuple[Load, list[Place]]:
    """The load and the databases that were asked for; refuses to run without wrk."""
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing: apt-get install wrk")
    places = [Place("SQLite", ""), *([Place("PostgreSQL", given.postgres)] * bool(given.postgres))]
    wanted = [place for place in places if given.only in (None, place.kind)]
    return Load(given.seconds, given.rounds, given.clients), wanted


@contextmanager
def database(place: Place) -> Iterator[str]:
    """The URL of an empty database, gone afterwards."""
    if place.kind == "SQLite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/bench.db"
        return
    name = f"waymark_bench_{secrets.token_hex(4)}"
    server = create_engine(parse_url(place.url), isolation_level="AUTOCOMMIT", pool_pre_ping=True)
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield parse_url(place.url).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def served(module: str, app: str, url: str, load: Load) -> Iterator[str]:
    """Gunicorn serving `chosen_app()` of a benchmark on loopback; its address."""
    with running(module, app, url, load) as (address, _):
        yield address


@contextmanager
def running(module: str, app: str, url: str, load: Load) -> Iterator[tuple[str, int]]:
    """The same; its address and the id of the process whose children the workers are."""
    address = f"http://127.0.0.1:{free_port()}"
    environment = {
        **os.environ,
        "BENCH_APP": app,
        "DATABASE_URL": url,
        "SECRET_KEY": "k" * 40,
        "PUBLIC_URL": address,
    }
    command = [sys.executable, "-m", "gunicorn", f"{module}:chosen_app()", "--chdir", str(ROOT)]
    settings = ["-b", address.removeprefix("http://"), "-k", "gthread", "--log-level", "warning"]
    size = ["-w", str(load.workers), "--threads", str(load.threads), "--keep-alive", "60"]
    process = subprocess.Popen([*command, *settings, *size], env=environment)
    try:
        _wait(address)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(20)


def opened(url: str) -> Any:
    """A connection of the bare driver."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(parse_url(url).database or "", timeout=30)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection
    bare = parse_url(url).set(drivername="postgresql")
    return psycopg.connect(bare.render_as_string(hide_password=False))


def resident_mb(pid: int) -> float:
    """The memory a process holds."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def cpu_seconds(pid: int) -> float:
    """The processor time that a process has used."""
    spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _wait(address: str) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(f"{address}/nothing", timeout=1)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not start")


def requests_a_second(address: str, script: str, load: Load) -> float:
    """Requests a second under wrk, one connection a thread; stops when one failed."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        size = [f"-t{load.clients}", f"-c{load.clients}", f"-d{load.seconds}s", "-s", file.name]
        command = ["wrk", *size, address]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    failed = re.search(r"Non-2xx.*|Socket errors: connect [^0].*", said)
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if failed or not found:
        raise SystemExit(failed.group() if failed else said)
    return float(found.group(1))


def in_turns(
    module: str,
    apps: Sequence[str],
    url: str,
    load: Load,
    turn: Callable[[str, str, int], float],
) -> dict[str, list[float]]:
    """What `turn(app, address, round)` measured of each app, a figure a round.

    A first round, not counted, warms all of them.
    """
    found: dict[str, list[float]] = {app: [] for app in apps}
    with ExitStack() as stack:
        addresses = {app: stack.enter_context(served(module, app, url, load)) for app in apps}
        for number in range(load.rounds + 1):
            for app in apps:
                value = turn(app, addresses[app], number)
                if number:
                    found[app].append(value)
    return found


def ratios(ours: Sequence[float], peer: Sequence[float]) -> str:
    """The median of the ratios of the rounds, the lowest and the highest beside it."""
    found = sorted(one / other for one, other in zip(ours, peer, strict=True))
    return f"{statistics.median(found):.2f} ({found[0]:.2f} to {found[-1]:.2f})"
