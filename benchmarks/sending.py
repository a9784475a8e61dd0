"""Sending SMS with all bookkeeping, beside a bare loop of the same SDK.

Both send so many messages from so many threads through Twilio's own SDK to the same local
server, in turns. Ours claims each message, checks that it still may leave, hands it over and
writes down what came of it, with its invitation and its exchange; the bare loop keeps nothing.

    python -m benchmarks.sending [--postgres URL] [--messages 1000] [--threads 1,4,8] [--rounds 3]

Prints messages a second of each, the ratio of the times (the median of the rounds, with the
lowest and the highest), and the CPU of both for one message.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session
from twilio.rest import Client

from benchmarks.serving import Place, database
from benchmarks.twilio_floor import ACCOUNT, TOKEN
from feedback.configuration.apply import apply_text
from feedback.jobs.outgoing import AT_ONCE
from models import migrate
from models.customer import Customer
from models.engine import make_engine
from models.invitation import Invitation
from models.message import Message
from models.workspace import Workspace
from surveys import invitations
from surveys.channels.twilio import TwilioGateway
from surveys.channels.twilio_client import Access
from surveys.channels.twilio_http import RebasedHttpClient
from surveys.delivery import fire_due, send_pending
from surveys.services import Services

SENDER, CALLBACK = "+447700900000", "https://ask.example.com/sms/twilio/status"
BODY = "Fern & Field: how likely are you to recommend us to a friend? Reply 0 to 10. STOP ends."
SETUP = """
surveys:
  - key: nps
    name: Recommend
    metric: nps
    questions: [{key: score, type: nps, text: "How likely are you to recommend us?"}]
    thanks: Thank you.
"""


@contextmanager
def floor(answer: float = 0.0) -> Iterator[str]:
    """The local server, which takes so many seconds to answer; its address."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.twilio_floor", str(port), str(answer)]
    server = subprocess.Popen(command)
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the local server did not start")


def in_threads(threads: int, work: Callable[[], None]) -> tuple[float, float]:
    """Seconds on the clock and of this process's CPU until all threads are done."""
    hands = [threading.Thread(target=work) for _ in range(threads)]
    began, cpu = time.perf_counter(), time.process_time()
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    return time.perf_counter() - began, time.process_time() - cpu


def bare(base: str, messages: int, threads: int) -> tuple[float, float]:
    """The SDK alone, a client a thread."""

    def work() -> None:
        client: Any = Client(ACCOUNT, TOKEN, http_client=RebasedHttpClient(base, timeout=10))
        for number in range(messages // threads):
            client.messages.create(
                to=f"+4477009{number:05d}",
                from_=SENDER,
                body=BODY,
                status_callback=f"{CALLBACK}?m={number}",
            )

    return in_threads(threads, work)


def services_at(base: str) -> Services:
    """Ours, sent to the local server."""
    gateway = TwilioGateway(Access(ACCOUNT, TOKEN, base), SENDER, status_callback=CALLBACK)
    return Services(lambda: datetime.now(UTC), gateway, "https://ask.example.com", TOKEN)


def prepare(engine: Engine, messages: int, services: Services) -> None:
    """So many invitations asked by SMS, their first messages in the outbox."""
    now = datetime.now(UTC)
    migrate.upgrade(engine)
    with Session(engine) as session:
        workspace = shop(session, now)
        for number in range(messages):
            session.add(customer(workspace.id, number, now))
        session.flush()
        for number in range(messages):
            invitations.invite(session, workspace, "nps", f"c{number}", "sms", now)
        session.commit()
        while fire_due(session, services, now + timedelta(seconds=1)):
            pass


def shop(session: Session, now: datetime, name: str = "shop") -> Workspace:
    """A workspace with a survey to ask."""
    workspace = Workspace(name=name, company="Fern & Field", created_at=now)
    session.add(workspace)
    session.flush()
    apply_text(session, workspace, SETUP, now)
    return workspace


def customer(workspace_id: int, number: int, now: datetime) -> Customer:
    return Customer(
        workspace_id=workspace_id,
        external_id=f"c{number}",
        phone=f"+4477009{number:05d}",
        attributes={},
        created_at=now,
        updated_at=now,
    )


def ours(engine: Engine, services: Services, threads: int) -> tuple[float, float]:
    """Everything in the outbox sent as a worker does it, by so many hands."""

    def work() -> None:
        with Session(engine, expire_on_commit=False) as session:
            while send_pending(session, services, services.now(), AT_ONCE * threads, threads):
                pass

    return in_threads(1, work)


def again(engine: Engine) -> None:
    """All messages wait to be sent once more."""
    waits: dict[str, Any] = {"status": "pending", "provider_id": None, "attempts": 0}
    with Session(engine) as session:
        session.execute(update(Message).values(**waits))
        session.execute(update(Invitation).values(status="sending", sent_at=None))
        session.commit()


def check(engine: Engine, messages: int) -> None:
    """Everything must have left, or the figures mean nothing."""
    with Session(engine) as session:
        left = session.scalar(select(func.count()).where(Message.status == "queued"))
    if left != messages:
        raise SystemExit(f"{left} of {messages} messages left")


def compared(place: Place, messages: int, threads: Sequence[int], rounds: int) -> None:
    """Print the rows of one kind of database."""
    with floor() as base, database(place) as url:
        engine, services = make_engine(url), services_at(base)
        prepare(engine, messages, services)
        ours(engine, services, 1)
        for many in threads:
            pairs = []
            for _ in range(rounds):
                again(engine)
                pairs.append((bare(base, messages, many), ours(engine, services, many)))
                check(engine, messages)
            _row(place.kind, many, messages, pairs)
        engine.dispose()


Pair = tuple[tuple[float, float], tuple[float, float]]


def _row(kind: str, threads: int, messages: int, pairs: Sequence[Pair]) -> None:
    ratios = sorted(mine[0] / theirs[0] for theirs, mine in pairs)
    rates = [messages / statistics.median(one[side][0] for one in pairs) for side in (0, 1)]
    cpu = [1000 * statistics.median(one[side][1] for one in pairs) / messages for side in (0, 1)]
    middle = statistics.median(ratios)
    print(
        f"| {kind} | {threads} | {rates[0]:.0f} | {rates[1]:.0f} | "
        f"{middle:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}) | {cpu[0]:.2f} | {cpu[1]:.2f} |",
        flush=True,
    )


def main() -> None:
    """Run on SQLite, and on PostgreSQL where there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default=os.environ.get("WAYMARK_TEST_POSTGRES"))
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--threads", default="1,4,8")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    places = [Place("PostgreSQL", given.postgres)] if given.postgres else []
    print("| database | threads | bare SDK /s | Waymark /s | times | CPU bare, ms | CPU ours, ms |")
    print("|---|---|---|---|---|---|---|")
    for place in [*places, Place("SQLite", "")]:
        many = [1] if place.kind == "SQLite" else [int(one) for one in given.threads.split(",")]
        compared(place, given.messages, many, given.rounds)


if __name__ == "__main__":
    main()
