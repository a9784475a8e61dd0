"""A whole three-question response on the web, beside a bare Flask pair on the same database.

Ours: GET the page, then three POSTs, each answer committed before its reply. The peer is a
bare Flask pair of routes: GET a page of 10 KB that lies ready in memory, and a POST that inserts
one row. It is measured twice: doing the pair once (two requests, one commit), and doing what a
response takes (GET and three POSTs, three commits). Same gunicorn settings, same database, same
load (wrk, one connection a thread), in short turns.

    python -m benchmarks.web_response [--postgres URL] [--seconds 2] [--clients 16] [--rounds 9]

Needs wrk (Debian: apt-get install wrk). Prints responses a second of each, and the ratios.
"""

from __future__ import annotations

import os
import statistics
from datetime import UTC, datetime, timedelta

from flask import Flask, request
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, text
from sqlalchemy.orm import Session

from benchmarks.serving import Load, arguments, database, in_turns, ratios, requests_a_second
from feedback import workspaces
from feedback.app import create_app
from feedback.configuration.apply import apply_text
from feedback.settings import load
from models import migrate
from models.customer import Customer
from models.engine import make_engine
from models.invitation import Invitation
from models.survey import Survey
from surveys.versions import current_version

TOKENS_A_TURN = 300  # of one client: more than it can answer in a turn
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
local step, turn = 0, FIRST
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


def chosen_app() -> Flask:
    """The application gunicorn is to serve."""
    return our_app() if os.environ["BENCH_APP"] == "ours" else peer_app()


def seed(url: str, run: Load) -> None:
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
        each = range(TOKENS_A_TURN * (run.rounds + 1))
        tokens = [f"b{one:02d}x{n:05d}" for one in range(run.clients) for n in each]
        rows = [
            {"token": token, "customer_id": 1 + place % 1000, **offer, **common}
            for place, token in enumerate(tokens)
        ]
        session.execute(insert(Invitation), rows)
        session.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()


def main() -> None:
    """Print the table."""
    run, places = arguments(__doc__)
    requests = {"pair": 2, "four": 4, "ours": 4}

    def turn(app: str, address: str, number: int) -> float:
        script = LUA.replace("KIND", app).replace("FIRST", str(number * TOKENS_A_TURN))
        return requests_a_second(address, script, run) / requests[app]

    heads = ["database", "bare pair /s", "bare GET + 3 POST /s", "ours /s"]
    heads += ["to pair", "to the same work"]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for place in places:
        with database(place) as url:
            seed(url, run)
            found = in_turns("benchmarks.web_response", list(requests), url, run, turn)
        middle = [f"{statistics.median(values):.0f}" for values in found.values()]
        told = [ratios(found["ours"], found[peer]) for peer in ("pair", "four")]
        print(f"| {place.kind} | {' | '.join(middle + told)} |", flush=True)


if __name__ == "__main__":
    main()
