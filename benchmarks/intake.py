"""/v1/batch with 100 events a call against 50 triggers, beside a bare multi-row INSERT of the same.

Ours is the whole way: the key, Segment's messages read one by one, customers filled in, each event
stored once, matched against 50 triggers (ten event names, five filters each; one event in fifty
sets one off and schedules an invitation), committed. The peers take the same body and write the
same events by one INSERT of a hundred rows, by the bare driver, into a table with the same columns,
types and unique key: one served by Flask under the same gunicorn, one a loop without the web. Same
database server, same load (wrk), in turns.

    python -m benchmarks.intake [--postgres URL] [--seconds 2] [--clients 16] [--rounds 9]

Needs wrk (Debian: apt-get install wrk). Prints events a second of each, and the ratios.
"""

from __future__ import annotations

import json
import os
import secrets
import statistics
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Flask, request
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.serving import (
    Load,
    arguments,
    database,
    in_turns,
    opened,
    ratios,
    requests_a_second,
)
from feedback import workspaces
from feedback.app import create_app
from feedback.configuration.apply import apply_text
from feedback.settings import load
from models import migrate
from models.engine import make_engine
from models.event import Event
from models.invitation import Invitation

EVENTS = 100
NAMES = 10
KINDS = ("web", "ours")
CREATE = """
CREATE TABLE peer_events (
    id {pk}, workspace_id BIGINT NOT NULL, source VARCHAR(40) NOT NULL,
    external_id VARCHAR(200) NOT NULL, name VARCHAR(120) NOT NULL, customer_id BIGINT NOT NULL,
    properties {json} NOT NULL, occurred_at {time} NOT NULL, received_at {time} NOT NULL,
    UNIQUE (workspace_id, source, external_id))
"""
COLUMNS = (
    "workspace_id, source, external_id, name, customer_id, properties, occurred_at, received_at"
)
SURVEY = """
journeys:
  - key: shop
    stages:
      - key: buy
        touchpoints: [{key: till, events: [%s]}]
surveys:
  - key: nps
    name: Recommend
    metric: nps
    questions: [{key: score, type: nps, text: "How likely are you to recommend us?"}]
    thanks: Thank you.
triggers:
"""
LUA = """
local counter = 0
function setup(thread) thread:set("id", counter); counter = counter + 1 end
local n = 0
local headers = {["Content-Type"]="application/json", ["Authorization"]="Bearer KEY"}
function request()
  local at = os.date("!%Y-%m-%dT%H:%M:%SZ")
  local rows = {}
  for place = 1, 100 do
    n = n + 1
    local c = (n * 7) % 5000
    rows[place] = string.format('{"type":"track","messageId":"RUN-%d-%d","userId":"c%d",' ..
      '"event":"Step %d","timestamp":"%s","properties":{"order_id":"%d","total":%d.5,' ..
      '"country":"GB"},"context":{"library":{"name":"bench","version":"1"},' ..
      '"traits":{"plan":"gold"}}}', id, n, c, n % 10, at, n, n % 250)
  end
  local body = '{"sentAt":"' .. at .. '","batch":[' .. table.concat(rows, ",") .. ']}'
  return wrk.format("POST", "/v1/batch", headers, body)
end
"""


def setup_text() -> str:
    """A survey and 50 triggers: five to an event name, four of which never hold."""
    names = ", ".join(f'"Step {number}"' for number in range(NAMES))
    triggers = [
        f'  - {{key: t{name}_{turn}, event: "Step {name}", survey: nps, delay: 2h, '
        f"filter: {{event.total: {{gte: {245 if turn == 0 else 1000 + turn}}}, "
        f"event.country: GB}}}}\n"
        for name in range(NAMES)
        for turn in range(5)
    ]
    return SURVEY % names + "".join(triggers)


def insert_sql(url: str) -> str:
    """One INSERT of a hundred rows."""
    mark = "?" if url.startswith("sqlite") else "%s"
    row = f"({', '.join([mark] * 8)})"
    return f"INSERT INTO peer_events ({COLUMNS}) VALUES {', '.join([row] * EVENTS)}"


def peer_values(body: dict[str, Any], at: datetime) -> list[Any]:
    """The values of a body's events, as a bare program would take them."""
    now = at.isoformat()
    return [
        value
        for one in body["batch"]
        for value in (
            *(1, "segment", one["messageId"], one["event"], int(one["userId"][1:])),
            *(json.dumps(one["properties"]), one["timestamp"], now),
        )
    ]


def web_app() -> Flask:
    """One route, a hundred rows by one statement, the bare driver."""
    app, url, here = Flask("peer"), os.environ["DATABASE_URL"], threading.local()
    statement = insert_sql(url)

    @app.post("/v1/batch")
    def add() -> dict[str, bool]:
        if not hasattr(here, "connection"):
            here.connection = opened(url)
        here.connection.execute(statement, peer_values(request.get_json(), datetime.now(UTC)))
        here.connection.commit()
        return {"success": True}

    return app


def our_app() -> Flask:
    """Waymark as it is."""
    return create_app(load(os.environ))


APPS: dict[str, Callable[[], Flask]] = {"web": web_app, "ours": our_app}


def chosen_app() -> Flask:
    """The application gunicorn is to serve."""
    return APPS[os.environ["BENCH_APP"]]()


def prepared(url: str) -> str:
    """Make the tables and a workspace with its triggers; its key."""
    engine = make_engine(url)
    migrate.upgrade(engine)
    lite = url.startswith("sqlite")
    types = {"pk": "INTEGER PRIMARY KEY", "json": "TEXT", "time": "TEXT"}
    if not lite:
        types = {"pk": "BIGSERIAL PRIMARY KEY", "json": "JSONB", "time": "TIMESTAMPTZ"}
    with engine.begin() as connection:
        connection.exec_driver_sql(CREATE.format(**types))
    now = datetime.now(UTC)
    with Session(engine) as session:
        workspace = workspaces.create(session, "bench", now)
        apply_text(session, workspace, setup_text(), now)
        key = workspaces.add_key(session, workspace, "bench", now)
        session.commit()
    engine.dispose()
    return key


def in_a_loop(url: str, seconds: float) -> float:
    """Rows a second of the bare INSERT by one connection, nothing around it."""
    connection, statement, run = opened(url), insert_sql(url), secrets.token_hex(4)
    now = datetime.now(UTC)
    body = {"batch": [_message(run, number) for number in range(EVENTS)]}
    done, began = 0, time.monotonic()
    while time.monotonic() - began < seconds:
        for number, one in enumerate(body["batch"]):
            one["messageId"] = f"{run}-{done + number}"
        connection.execute(statement, peer_values(body, now))
        connection.commit()
        done += EVENTS
    connection.close()
    return done / (time.monotonic() - began)


def _message(run: str, number: int) -> dict[str, Any]:
    properties = {"order_id": str(number), "total": 9.5, "country": "GB"}
    about = {"event": f"Step {number % NAMES}", "userId": f"c{number}", "properties": properties}
    return {**about, "messageId": f"{run}-{number}", "timestamp": "2026-11-30T10:00:00Z"}


def stored(url: str) -> tuple[int, int]:
    """The events that are there, and the invitations that came of them."""
    engine = make_engine(url)
    with Session(engine) as session:
        counts = tuple(
            session.scalar(select(func.count(one.id))) or 0 for one in (Event, Invitation)
        )
    engine.dispose()
    return counts[0], counts[1]


def measured(url: str, run: Load) -> dict[str, list[float]]:
    """Events a second of each, a figure a round."""
    key = prepared(url)
    loops: list[float] = []

    def turn(kind: str, address: str, number: int) -> float:
        if kind == "web" and number:
            loops.append(in_a_loop(url, run.seconds))
        lua = LUA.replace("KEY", key).replace("RUN", secrets.token_hex(4))
        return EVENTS * requests_a_second(address, lua, run)

    found = in_turns("benchmarks.intake", KINDS, url, run, turn)
    return {**found, "loop": loops}


def main() -> None:
    """Print the table."""
    run, places = arguments(__doc__)
    heads = ["database", "bare INSERT in a loop /s", "bare INSERT, served /s", "/v1/batch /s"]
    heads += ["to the loop", "to the served", "stored", "invitations"]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for place in places:
        with database(place) as url:
            found = measured(url, run)
            events, invitations = stored(url)
        middle = [f"{statistics.median(found[kind]):,.0f}" for kind in ("loop", "web", "ours")]
        told = [ratios(found["ours"], found[peer]) for peer in ("loop", "web")]
        row = [place.kind, *middle, *told, f"{events:,}", f"{invitations:,}"]
        print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
