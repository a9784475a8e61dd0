"""A whole three-question response on the web, beside a bare Flask pair on the same database.

Ours: GET the page, then three POSTs, each answer committed before its reply. The peer is a
bare Flask pair of routes: GET a page of 10 KB that lies ready in memory, and a POST that inserts
one row. It is measured twice: doing the pair once (two requests, one commit), and doing what a
response takes (GET and three POSTs, three commits). Same gunicorn settings, same database, same
load (wrk, one connection a thread).

    python benchmarks/web_response.py [--postgres URL] [--seconds 8] [--clients 16] [--rounds 3]

Needs wrk (Debian: apt-get install wrk). Prints responses a second of both, and the ratio.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask, request
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert, text
from sqlalchemy.orm import Session

from feedback import workspaces
from feedback.app import create_app
from feedback.configuration.apply import apply_text
from feedback.settings import load
from models import migrate
from models.customer import Customer
from models.engine import make_engine, parse_url
from models.invitation import Invitation
from models.survey import Survey
from surveys.versions import current_version

HERE = Path(__file__).parent
PORT = 8931
TOKENS_A_CLIENT = 2500
PEER = Table(
    "peer_rows",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("question", String(63)),
    Column("value", String(400)),
)
SURVEY = """
surveys:
  - key: bench
    name: Bench
    metric: csat
    questions:
      - {key: score, type: csat, text: "Hi {customer.first_name|there}, how satisfied are you?"}
      - {key: why, type: text, text: "What is the main reason for your score?"}
      - {key: again, type: yes_no, text: "Would you order from us again?"}
    thanks: "Thank you, {customer.first_name|there}"
"""
LUA = """
local counter = 0
function setup(thread) thread:set("id", counter); counter = counter + 1 end
local function post(path, body)
  return wrk.format("POST", path, {["Content-Type"]="application/x-www-form-urlencoded"}, body)
end
local bodies = {
  "question=score&value=4", "question=why&value=It+came+a+day+late", "question=again&value=yes"
}
local step, turn = 0, 0
function ours()
  local token = string.format("b%02dx%05d", id, turn)
  step = step + 1
  if step == 1 then return wrk.format("GET", "/s/" .. token) end
  local body = bodies[step - 1]
  if step == 4 then step = 0; turn = turn + 1 end
  return post("/s/" .. token, body)
end
function bare(posts)
  step = step % (posts + 1) + 1
  if step == 1 then return wrk.format("GET", "/page") end
  return post("/row", bodies[2])
end
function pair() return bare(1) end
function four() return bare(3) end
request = KIND
"""


def peer_app() -> Flask:
    """The bare pair of routes."""
    app = Flask("peer")
    engine = make_engine(os.environ["DATABASE_URL"])
    page = "<!doctype html><title>Page</title>" + "<p>Lorem ipsum dolor sit amet.</p>\n" * 290

    @app.get("/page")
    def show() -> str:
        return page

    @app.post("/row")
    def add() -> str:
        with engine.begin() as connection:
            row = {"question": request.form["question"], "value": request.form["value"]}
            connection.execute(insert(PEER), row)
        return "ok"

    return app


def our_app() -> Flask:
    """Waymark as it is."""
    return create_app(load(os.environ))


@dataclass(frozen=True)
class Run:
    """How to load a server."""

    seconds: int
    clients: int
    workers: int
    threads: int


def seed(url: str, clients: int) -> None:
    """Tables, a survey of three questions, and an invitation for each response to come."""
    engine = make_engine(url)
    migrate.upgrade(engine)
    PEER.metadata.create_all(engine)
    now = datetime.now(UTC)
    with Session(engine) as session:
        workspace = workspaces.create(session, "bench", now)
        apply_text(session, workspace, SURVEY, now)
        survey = session.query(Survey).one()
        version = current_version(session, survey.id)
        common = {"workspace_id": workspace.id, "created_at": now}
        person = {"attributes": {"first_name": "Ada"}, "is_test": False, "updated_at": now}
        customers = [{"id": n, "external_id": str(n), **person, **common} for n in range(1, 1001)]
        session.execute(insert(Customer), customers)
        offer = {
            "survey_id": survey.id,
            "version_id": version.id,
            "channel": "web",
            "status": "sent",
            "due_at": now,
            "expires_at": now + timedelta(days=7),
            "sent_at": now,
            "status_at": now,
        }
        tokens = [f"b{one:02d}x{n:05d}" for one in range(clients) for n in range(TOKENS_A_CLIENT)]
        rows = [
            {"token": token, "customer_id": 1 + place % 1000, **offer, **common}
            for place, token in enumerate(tokens)
        ]
        session.execute(insert(Invitation), rows)
        session.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()


@contextmanager
def served(factory: str, url: str, run: Run) -> Iterator[None]:
    """Gunicorn serving one of the two applications on loopback."""
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "SECRET_KEY": "k" * 40,
        "PUBLIC_URL": f"http://127.0.0.1:{PORT}",
        "PYTHONPATH": f"{HERE.parent}{os.pathsep}{HERE}",
    }
    command = [sys.executable, "-m", "gunicorn", f"web_response:{factory}()", "--chdir", str(HERE)]
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
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/nothing", timeout=1)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not start")


def loaded(kind: str, run: Run) -> float:
    """Requests a second under wrk; stops when a request failed."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(LUA.replace("KIND", kind))
        script.flush()
        load_ = [f"-t{run.clients}", f"-c{run.clients}", f"-d{run.seconds}s", "-s", script.name]
        said = subprocess.run(
            ["wrk", *load_, f"http://127.0.0.1:{PORT}"], capture_output=True, text=True, check=True
        ).stdout
    failed = re.search(r"Non-2xx.*|Socket errors: connect [^0].*", said)
    if failed:
        raise SystemExit(f"{kind}: {failed.group()}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found, said
    return float(found.group(1))


def _round(url: str, run: Run) -> tuple[float, float, float]:
    with served("peer_app", url, run):
        pairs = loaded("pair", run) / 2
        fours = loaded("four", run) / 4
    with served("our_app", url, run):
        responses = loaded("ours", run) / 4
    return pairs, fours, responses


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
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield parse_url(place).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default=os.environ.get("WAYMARK_TEST_POSTGRES"))
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing: apt-get install wrk")
    run = Run(given.seconds, given.clients, workers=2, threads=8)
    print(
        "| database | bare pair /s | bare GET + 3 POST /s | ours /s | to pair | to the same work |"
    )
    print("|---|---|---|---|---|---|")
    for kind, place in [("SQLite", ""), *([("PostgreSQL", given.postgres)] * bool(given.postgres))]:
        rounds = []
        for _ in range(given.rounds):
            with fresh(kind, place) as url:
                seed(url, run.clients)
                rounds.append(_round(url, run))
        pairs, fours, ours = (statistics.median(column) for column in zip(*rounds, strict=True))
        figures = f"{pairs:.0f} | {fours:.0f} | {ours:.0f}"
        print(f"| {kind} | {figures} | {ours / pairs:.2f} | {ours / fours:.2f} |", flush=True)


if __name__ == "__main__":
    main()
