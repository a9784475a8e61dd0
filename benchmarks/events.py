"""POST /api/v1/events with one event, beside a bare Flask route that inserts one row.

Ours checks the key, validates, normalises the phone, upserts the customer, stores the event
once, asks for triggers and commits. The peers take the same body and insert one row: one by
the bare database driver, with a connection a thread, one by SQLAlchemy Core. Same gunicorn
settings, same database server, same load (wrk), in turns.

    python -m benchmarks.events [--postgres URL] [--seconds 2] [--clients 16] [--rounds 9]

Needs wrk (Debian: apt-get install wrk). Prints requests a second of each, and the ratios.
"""

from __future__ import annotations

import os
import secrets
import statistics
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask, request
from sqlalchemy import Column, DateTime, Integer, MetaData, String, Table, insert
from sqlalchemy.orm import Session

from benchmarks.serving import arguments, database, in_turns, opened, ratios, requests_a_second
from feedback import workspaces
from feedback.app import create_app
from feedback.configuration.apply import apply_text
from feedback.settings import load
from models import migrate
from models.engine import make_engine

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
            here.connection = opened(url)
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


def script(kind: str, key: str) -> str:
    """What wrk sends to one of the applications."""
    path = "/api/v1/events" if kind in {"ours", "asked"} else "/events"
    event = "delivered" if kind == "asked" else "ordered"
    named = {"KEY": key, "RUN": secrets.token_hex(4), "PATH": path, "EVENT": event}
    lua = LUA
    for name, value in named.items():
        lua = lua.replace(name, value)
    return lua


def main() -> None:
    """Print the table."""
    run, places = arguments(__doc__)
    heads = ["database", "bare, driver /s", "bare, SQLAlchemy /s", "event /s"]
    heads += ["event that schedules an invitation /s", "to driver", "to SQLAlchemy"]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for place in places:
        with database(place) as url:
            key = prepared(url)
            found = in_turns(
                "benchmarks.events",
                KINDS,
                url,
                run,
                lambda kind, address, _: requests_a_second(address, script(kind, key), run),  # noqa: B023
            )
        middle = [f"{statistics.median(values):.0f}" for values in found.values()]
        told = [ratios(found["ours"], found[peer]) for peer in ("driver", "core")]
        print(f"| {place.kind} | {' | '.join(middle + told)} |", flush=True)


if __name__ == "__main__":
    main()
