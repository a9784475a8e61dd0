"""POST /api/v1/events with one event, beside a bare Flask route that inserts one row.

Ours checks the key, validates, normalises the phone, upserts the customer, stores the event
once, asks for triggers and commits. The peers take the same body and insert one row: one by
the bare database driver, with a connection a thread, one by SQLAlchemy Core. Same gunicorn
settings, same database server, same load (wrk), in turns.

    python -m benchmarks.events [--postgres URL] [--seconds 8] [--clients 16] [--rounds 3]

Needs wrk (Debian: apt-get install wrk). Prints requests a second of each, and the ratios.
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
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, request
from sqlalchemy import Column, DateTime, Integer, MetaData, String, Table, create_engine, insert
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from feedback import workspaces
from feedback.app import create_app
from feedback.configuration.apply import apply_text
from feedback.settings import load
from models import migrate
from models.engine import make_engine, parse_url

HERE = Path(__file__).parent
PORT = 8932
KINDS = ("driver", "core", "ours", "asked")
PEER = Table(
    "peer_events",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("external_id", String(200)),
    Column("name", String(120)),
    Column("body", String),
    Column("received_at", DateTime),
)
SETUP = """
journeys:
  - key: shop
    stages: [{key: buy, touchpoints: [{key: till, events: [ordered, delivered]}]}]
surveys:
  - key: nps
    name: Recommend
    metric: nps
    questions: [{key: score, type: nps, text: "How likely are you to recommend us?"}]
    thanks: Thank you.
triggers:
  - {event: delivered, survey: nps, delay: 2h, filter: {event.total: {gte: 10}}}
"""
LUA = """
local counter = 0
function setup(thread) thread:set("id", counter); counter = counter + 1 end
local n = 0
local headers = {["Content-Type"]="application/json", ["Authorization"]="Bearer KEY"}
function request()
  n = n + 1
  local body = string.format('{"id":"RUN-%d-%d","event":"EVENT","occurred_at":' ..
    '"2026-01-31T09:30:00Z","customer":{"id":"c%d","phone":"+4477009%05d",' ..
    '"email":"c%d@example.org","attributes":{"first_name":"Ada"}},' ..
    '"properties":{"order_id":"%d","total":49.5}}',
    id, n, n % 5000, n % 5000, n % 5000, n)
  return wrk.format("POST", "PATH", headers, body)
end
"""


@dataclass(frozen=True)
class Run:
    """How to load a server."""

    seconds: int
    clients: int
    workers: int = 2
    threads: int = 8


def _opened(url: str) -> Any:
    if url.startswith("sqlite"):
        connection = sqlite3.connect(parse_url(url).database or "", timeout=30)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection
    bare = parse_url(url).set(drivername="postgresql")
    return psycopg.connect(bare.render_as_string(hide_password=False))


def driver_app() -> Flask:
    """One route, one row, the bare driver."""
    app, url, here = Flask("peer"), os.environ["DATABASE_URL"], threading.local()
    mark = "?" if url.startswith("sqlite") else "%s"
    marks = ", ".join([mark] * 4)
    names = "external_id, name, body, received_at"
    statement = f"INSERT INTO peer_events ({names}) VALUES ({marks})"

    @app.post("/events")
    def add() -> tuple[dict[str, str], int]:
        if not hasattr(here, "connection"):
            here.connection = _opened(url)
        sent = request.get_json()
        now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
        row = (sent["id"], sent["event"], request.get_data(as_text=True), now)
        here.connection.execute(statement, row)
        here.connection.commit()
        return {"status": "accepted"}, 202

    return app


def core_app() -> Flask:
    """One route, one row, SQLAlchemy Core."""
    app, engine = Flask("peer"), make_engine(os.environ["DATABASE_URL"])

    @app.post("/events")
    def add() -> tuple[dict[str, str], int]:
        sent = request.get_json()
        row = {"external_id": sent["id"], "name": sent["event"]}
        row |= {"body": request.get_data(as_text=True), "received_at": datetime.now(UTC)}
        with engine.begin() as connection:
            connection.execute(insert(PEER), row)
        return {"status": "accepted"}, 202

    return app


def our_app() -> Flask:
    """Waymark as it is."""
    return create_app(load(os.environ))


APPS: dict[str, Callable[[], Flask]] = {
    "driver": driver_app,
    "core": core_app,
    "ours": our_app,
    "asked": our_app,
}


def chosen_app() -> Flask:
    """The application gunicorn is to serve."""
    return APPS[os.environ["BENCH_APP"]]()


def prepared(url: str) -> str:
    """Make the tables and a workspace; its key."""
    engine = make_engine(url)
    migrate.upgrade(engine)
    PEER.metadata.create_all(engine)
    now = datetime.now(UTC)
    with Session(engine) as session:
        workspace = workspaces.create(session, "bench", now)
        apply_text(session, workspace, SETUP, now)
        key = workspaces.add_key(session, workspace, "bench", now)
        session.commit()
    engine.dispose()
    return key


@contextmanager
def served(kind: str, url: str, run: Run) -> Iterator[None]:
    """Gunicorn serving one of the applications on loopback."""
    environment = {
        **os.environ,
        "BENCH_APP": kind,
        "DATABASE_URL": url,
        "SECRET_KEY": "k" * 40,
        "PUBLIC_URL": f"http://127.0.0.1:{PORT}",
        "PYTHONPATH": str(HERE.parent),
    }
    command = [sys.executable, "-m", "gunicorn", "benchmarks.events:chosen_app()"]
    settings = ["-b", f"127.0.0.1:{PORT}", "-k", "gthread", "--log-level", "warning"]
    size = ["-w", str(run.workers), "--threads", str(run.threads), "--keep-alive", "30"]
    process = subprocess.Popen([*command, *settings, *size], env=environment)
    try:
        _wait()
        yield
    finally:
        process.terminate()
        process.wait(20)


def _wait() -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/nothing", timeout=1)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not start")


def loaded(kind: str, key: str, run: Run) -> float:
    """Requests a second under wrk; stops when a request failed."""
    path = "/api/v1/events" if kind in {"ours", "asked"} else "/events"
    event = "delivered" if kind == "asked" else "ordered"
    script = LUA.replace("KEY", key).replace("RUN", secrets.token_hex(4))
    script = script.replace("PATH", path).replace("EVENT", event)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        size = ["-t2", f"-c{run.clients}", f"-d{run.seconds}s", "-s", file.name]
        command = ["wrk", *size, f"http://127.0.0.1:{PORT}"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    failed = re.search(r"Non-2xx.*|Socket errors: connect [^0].*", said)
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if failed or not found:
        raise SystemExit(f"{kind}: {failed.group() if failed else said}")
    return float(found.group(1))


@contextmanager
def fresh(kind: str, place: str) -> Iterator[str]:
    """The URL of an empty database, gone afterwards."""
    if kind == "SQLite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/bench.db"
        return
    name = f"waymark_bench_{secrets.token_hex(4)}"
    server = create_engine(parse_url(place), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sql(f"CREATE DATABASE {name}"))
    yield parse_url(place).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(sql(f"DROP DATABASE {name} WITH (FORCE)"))


def measured(kind: str, place: str, run: Run, rounds: int) -> dict[str, list[float]]:
    """Requests a second of each application, a figure a round."""
    found: dict[str, list[float]] = {app: [] for app in KINDS}
    with fresh(kind, place) as url:
        key = prepared(url)
        for _ in range(rounds):
            for app in KINDS:
                with served(app, url, run):
                    found[app].append(loaded(app, key, run))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default=os.environ.get("WAYMARK_TEST_POSTGRES"))
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing: apt-get install wrk")
    run = Run(given.seconds, given.clients)
    heads = ["database", "bare, driver /s", "bare, SQLAlchemy /s", "event /s", "to driver"]
    heads += ["to SQLAlchemy", "event that schedules an invitation /s"]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for kind, place in [("SQLite", ""), *([("PostgreSQL", given.postgres)] * bool(given.postgres))]:
        found = measured(kind, place, run, given.rounds)
        middle = {app: statistics.median(values) for app, values in found.items()}
        ratios = [middle["ours"] / middle[peer] for peer in ("driver", "core")]
        cells = [middle["driver"], middle["core"], middle["ours"]]
        told = [f"{value:.0f}" for value in cells] + [f"{ratio:.2f}" for ratio in ratios]
        print(f"| {kind} | {' | '.join(told)} | {middle['asked']:.0f} |", flush=True)


if __name__ == "__main__":
    main()
