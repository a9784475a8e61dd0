"""POST /sms/twilio/inbound, beside a bare Flask route that inserts one row.

Ours checks Twilio's signature, stores the message once, takes the reply of a customer whose
conversation is open, and commits the answer and the next question together before it answers.
Each reply is of another customer, signed beforehand. The peers take the same form, check nothing
and insert one row: one by the bare database driver, with a connection a thread, one by SQLAlchemy
Core. Same gunicorn settings, same database server, same load (wrk), in turns.

Then ours alone: replies sent at half of its own pace, each at its appointed time whether or not
the one before was answered (a late one counts from when it was due); and what the web workers
hold in memory as `--messages` replies come in.

    python -m benchmarks.inbound [--postgres URL] [--seconds 2] [--clients 16] [--rounds 9]
                                 [--paced 20] [--messages 100000]

Needs wrk (Debian: apt-get install wrk). Quick: --rounds 3 --paced 5 --messages 2000.
"""

from __future__ import annotations

import http.client
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from flask import Flask, request
from sqlalchemy import Column, DateTime, Integer, MetaData, String, Table, insert, text

from benchmarks.disk import watched
from benchmarks.inbound_world import (
    ACCOUNT,
    PATH,
    PUBLIC_URL,
    SENDER,
    TOKEN,
    deal,
    prepare,
    signed_posts,
)
from benchmarks.serving import (
    Load,
    Place,
    asked,
    children,
    cpu_seconds,
    database,
    in_turns,
    opened,
    options,
    ratios,
    requests_a_second,
    resident_mb,
    running,
)
from feedback.app import create_app
from feedback.settings import load
from models.engine import make_engine

KINDS = ("driver", "core", "ours")
A_SECOND = 100  # replies of one client in a second: more than it can send
MARKS = (0.1, 0.25, 0.5, 0.75, 1)
BATCHES, BATCH, STEADY = 30, 200, 3
WORKED, QUICK = 0.1, 150.0  # seconds of a worker's processor in a batch; milliseconds of a reply
PEER = Table(
    "peer_messages",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("provider_id", String(64)),
    Column("address", String(34)),
    Column("body", String),
    Column("received_at", DateTime),
)
LUA = """
local counter = 0
function setup(thread) thread:set("id", counter); counter = counter + 1 end
local lines, n = {}, 0
local headers = {["Content-Type"]="application/x-www-form-urlencoded"}
function init()
  for line in io.lines("FOLDER/" .. id .. ".txt") do lines[#lines + 1] = line end
end
function request()
  n = n + 1
  if lines[n] == nil and AGAIN then n = 1 end
  if lines[n] == nil then return wrk.format("GET", "/no-more-replies") end
  local at = lines[n]:find(" ", 1, true)
  headers["X-Twilio-Signature"] = lines[n]:sub(1, at - 1)
  return wrk.format("POST", "PATH", headers, lines[n]:sub(at + 1))
end
"""


def driver_app() -> Flask:
    """One route, one row, the bare driver."""
    app, url, here = Flask("peer"), os.environ["DATABASE_URL"], threading.local()
    marks = ", ".join(["?" if url.startswith("sqlite") else "%s"] * 4)
    names = "provider_id, address, body, received_at"
    statement = f"INSERT INTO peer_messages ({names}) VALUES ({marks})"

    @app.post(PATH)
    def add() -> str:
        if not hasattr(here, "connection"):
            here.connection = opened(url)
        form, now = request.form, datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
        here.connection.execute(statement, (form["MessageSid"], form["From"], form["Body"], now))
        here.connection.commit()
        return "<Response></Response>"

    return app


def core_app() -> Flask:
    """One route, one row, SQLAlchemy Core."""
    app, engine = Flask("peer"), make_engine(os.environ["DATABASE_URL"])

    @app.post(PATH)
    def add() -> str:
        form = request.form
        row = {"provider_id": form["MessageSid"], "address": form["From"], "body": form["Body"]}
        with engine.begin() as connection:
            connection.execute(insert(PEER), {**row, "received_at": datetime.now(UTC)})
        return "<Response></Response>"

    return app


def our_app() -> Flask:
    """Waymark as it is, with an account at Twilio that nothing is sent through here."""
    account = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_FROM": SENDER}
    return create_app(load({**os.environ, **account, "PUBLIC_URL": PUBLIC_URL}))


APPS: dict[str, Callable[[], Flask]] = {"driver": driver_app, "core": core_app, "ours": our_app}


def chosen_app() -> Flask:
    """The application gunicorn is to serve."""
    return APPS[os.environ["BENCH_APP"]]()


def compared(url: str, run: Load, posts: Iterator[str]) -> dict[str, list[float]]:
    """Requests a second of each application, a figure a round."""
    with tempfile.TemporaryDirectory() as folder:
        script = LUA.replace("FOLDER", folder).replace("PATH", PATH)

        def turn(kind: str, address: str, number: int) -> float:
            if kind == KINDS[0]:
                deal(posts, Path(folder), run.clients, A_SECOND * run.seconds)
            again = "false" if kind == "ours" else "true"  # a peer takes the same row twice
            return requests_a_second(address, script.replace("AGAIN", again), run)

        return in_turns("benchmarks.inbound", KINDS, url, run, turn)


def sent(address: str, posts: Sequence[str], clients: int, rate: float | None) -> list[float]:
    """Milliseconds from when each reply was due (sent, where there is no rate) to its answer."""
    begin, took, failed = time.perf_counter() + 0.1, list[float](), list[int]()

    def send(first: int) -> None:
        connection = http.client.HTTPConnection(address.removeprefix("http://"))
        for place in range(first, len(posts), clients):
            due = begin + place / rate if rate else time.perf_counter()
            time.sleep(max(0.0, due - time.perf_counter()))
            status = _post(connection, posts[place])
            took.append(1000 * (time.perf_counter() - due))
            failed.extend([status] * (status != 200))
        connection.close()

    threads = [threading.Thread(target=send, args=(first,)) for first in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed or len(took) != len(posts):
        raise SystemExit(f"of {len(posts)} replies not all were taken: {failed[:3]}")
    return took


def _post(connection: http.client.HTTPConnection, line: str) -> int:
    signature, body = line.split(" ", 1)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", PATH, body, {**form, "X-Twilio-Signature": signature})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def warm(address: str, pid: int, posts: Iterator[str], clients: int) -> None:
    """Send until each web worker has answered for a while: its first requests take a second.

    One of them may take nearly all connections while the other is idle, so each batch has its own.
    """
    steady = 0
    for _ in range(BATCHES):
        before = {worker: cpu_seconds(worker) for worker in children(pid)}
        took = sent(address, list(islice(posts, BATCH)), clients, None)
        worked = all(cpu_seconds(one) > spent + WORKED for one, spent in before.items())
        steady += worked and max(took) < QUICK
        if steady == STEADY:
            return
    raise SystemExit(f"after {BATCHES * BATCH} replies not every web worker answers quickly")


def p99(url: str, run: Load, posts: Iterator[str], rate: float, seconds: int) -> str:
    """The middle, the 99th hundredth and the longest, at a pace; and the disk's meanwhile."""
    with running("benchmarks.inbound", "ours", url, run) as (address, pid):
        warm(address, pid, posts, run.clients)
        with watched() as disk:
            took = sent(address, list(islice(posts, int(rate * seconds))), run.clients, rate)
            beside = disk()
    hundredths = statistics.quantiles(took, n=100)
    return f"{hundredths[49]:.0f} | {hundredths[98]:.0f} | {max(took):.0f} | {beside}"


def memory(url: str, run: Load, posts: Iterator[str], messages: int) -> list[float]:
    """MB that a web worker holds, the fullest of them, after each part of the messages."""
    found, before = [], 0
    with running("benchmarks.inbound", "ours", url, run) as (address, pid):
        for mark in MARKS:
            upto = int(messages * mark)
            sent(address, list(islice(posts, upto - before)), run.clients, None)
            before = upto
            found.append(max(map(resident_mb, children(pid))))
    return found


def check(url: str) -> None:
    """Stop unless each reply that came has its answer and its next question."""
    engine = make_engine(url)
    wanted = {
        "came": "SELECT count(*) FROM messages WHERE direction = 'in' AND kind = 'reply'",
        "answers": "SELECT count(*) FROM answers",
        "questions": "SELECT count(*) FROM messages WHERE direction = 'out' AND kind = 'question'",
    }
    with engine.connect() as connection:
        found = {name: connection.scalar(text(sql)) for name, sql in wanted.items()}
    engine.dispose()
    if len(set(found.values())) != 1 or not found["came"]:
        raise SystemExit(f"not every reply has its answer and its question: {found}")


def measure(place: Place, run: Load, paced: int, messages: int) -> tuple[str, str, str]:
    """A row of each of the three tables, of one kind of database."""
    turns = (run.rounds + 1) * run.clients * A_SECOND * run.seconds
    customers = turns + paced * run.clients * A_SECOND // 2 + BATCHES * BATCH + messages
    with database(place) as url:
        prepare(url, customers)
        with (engine := make_engine(url)).begin() as connection:
            PEER.metadata.create_all(connection)
        engine.dispose()
        posts = signed_posts(customers)
        found = compared(url, run, posts)
        rate = statistics.median(found["ours"]) / 2
        late = p99(url, run, posts, rate, paced)
        held = memory(url, run, posts, messages)
        check(url)
    middle = [f"{statistics.median(values):.0f}" for values in found.values()]
    told = [ratios(found["ours"], found[peer]) for peer in ("driver", "core")]
    return (
        f"| {place.kind} | {' | '.join(middle + told)} |",
        f"| {place.kind} | {rate:.0f} | {late} |",
        f"| {place.kind} | {' | '.join(f'{value:.1f}' for value in held)} |",
    )


def main() -> None:
    """Print the tables."""
    parser = options(__doc__)
    parser.add_argument("--paced", type=int, default=20)
    parser.add_argument("--messages", type=int, default=100_000)
    given = parser.parse_args()
    run, places = asked(given)
    rows = [measure(place, run, given.paced, given.messages) for place in places]
    pace = ["database", "bare, driver /s", "bare, SQLAlchemy /s", "reply /s"]
    disk = [f"disk {one}" for one in ("median ms", "p99 ms", "longest ms")]
    waits = ["database", "replies /s", "median ms", "p99 ms", "longest ms", *disk]
    held = ["database", *(f"MB after {int(given.messages * mark):,}" for mark in MARKS)]
    heads = ([*pace, "to driver", "to SQLAlchemy"], waits, held)
    for place, head in enumerate(heads):
        print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
        print("\n".join(row[place] for row in rows), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
