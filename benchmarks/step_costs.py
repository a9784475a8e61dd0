"""What each step costs a worker or a web process, and what it costs PostgreSQL: CPU, apart.

The program's own functions run in this process, one after the other, on a PostgreSQL server of
this machine. A step's cost to the worker is this process's CPU; its cost to the database is the
CPU of the server's processes that speak to it (/proc), without that of its writers in the
background. CPU is counted and not time, so that other work beside it changes little.

    python -m benchmarks.step_costs [--postgres URL] [--number 2000]

`benchmarks.billion_plan` keeps what this printed in its table of costs.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from benchmarks.sending import SENDER, SETUP, floor, services_at
from benchmarks.serving import Place, database
from feedback import listening, reading, workspaces
from feedback.configuration.apply import apply_text
from feedback.intake import ingest
from models import migrate
from models.engine import make_engine
from models.message import Message
from models.response import Answer
from models.survey import Survey, Trigger
from nlp.reader import Reader
from surveys.delivery import fire_due, send_pending
from surveys.inbound import Inbound, receive
from surveys.receipts import apply_status
from surveys.services import Services

BATCH, TRIGGERS = 100, 50
MORE = 10
"""As many events as of the other steps would be over before a tick of the server's clock."""
NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
_TICKS = os.sysconf("SC_CLK_TCK")
WORDS = (
    "The driver was friendly but the parcel came two days late and nobody told me",
    "Great service, quick answer on the phone, I would order here again",
    "The box was broken and the refund took three weeks, very disappointing",
    "Easy to order, fair price, the app is slow though",
)


@dataclass(frozen=True)
class World:
    """What the steps work on."""

    engine: Engine
    services: Services
    number: int


def _database_cpu(engine: Engine) -> float:
    """Seconds of CPU of the server's processes for this database, the measuring one too."""
    with engine.connect() as connection:
        query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        pids = list(connection.scalars(text(query)))
    return sum(map(_seconds, pids))


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def measured(world: World, work: Callable[[Session], int]) -> tuple[float, float]:
    """Milliseconds of CPU for one: of this process and of the database."""
    with Session(world.engine, expire_on_commit=False) as session:
        session.execute(text("SELECT 1"))
        session.commit()
        database, here = _database_cpu(world.engine), time.process_time()
        done = work(session)
        spent = time.process_time() - here, _database_cpu(world.engine) - database
    return 1000 * spent[0] / done, 1000 * spent[1] / done


def _events(name: str, part: str, number: int, seen: int) -> Callable[[Session], int]:
    def work(session: Session) -> int:
        for first in range(0, number, BATCH):
            items = [_event(name, part, one, seen) for one in range(first, first + BATCH)]
            ingest(session, 1, items, NOW, commit=True)
        return number

    return work


def _event(name: str, part: str, number: int, seen: int) -> dict[str, object]:
    person = {"id": f"c{number % seen}", "phone": f"+447700{number % seen:06d}"}
    properties = {"order": number, "value": 19.5, "carrier": "North"}
    return {
        **{"id": f"{part}-{number}", "event": name, "occurred_at": NOW.isoformat()},
        **{"customer": person, "properties": properties},
    }


def prepare(engine: Engine) -> None:
    """A workspace with a survey and fifty triggers, one of which is for `delivered`."""
    migrate.upgrade(engine)
    with Session(engine) as session:
        workspace = workspaces.create(session, "bench", NOW)
        apply_text(session, workspace, SETUP, NOW)
        survey = session.scalars(select(Survey)).one()
        for number in range(TRIGGERS):
            name = "delivered" if not number else f"other_{number}"
            of = {"workspace_id": workspace.id, "survey_id": survey.id, "created_at": NOW}
            session.add(Trigger(**of, key=f"t{number}", event_name=name, channel="sms"))
        session.commit()


def _decide(session: Session, world: World) -> int:
    done = 0
    while fired := fire_due(session, world.services, NOW + timedelta(minutes=1)):
        done += fired
    return done


def _send(session: Session, world: World) -> int:
    done = 0
    while sent := send_pending(session, world.services, NOW + timedelta(minutes=2)):
        done += sent
    return done


def _receipts(session: Session, world: World) -> int:
    rows = session.execute(select(Message.id, Message.provider_id)).all()
    session.commit()
    for number, provider_id in rows:
        for status in ("sent", "delivered"):
            apply_status(session, "twilio", provider_id, status, None, NOW, number)
    return 2 * len(rows)


def _replies(session: Session, world: World) -> int:
    phones = list(session.scalars(select(Message.address)))
    session.commit()
    for number, phone in enumerate(phones):
        words = f"9 {WORDS[number % len(WORDS)]} {number}"
        inbound = Inbound("twilio", f"IN{number}", SENDER, phone, words)
        receive(session, world.services, inbound, NOW + timedelta(minutes=9))
    return len(phones)


def _listen(session: Session, world: World) -> int:
    answers = session.scalar(select(func.count(Answer.id))) or 0
    while listening.listen(session, NOW + timedelta(minutes=10)):
        pass
    return answers


def _read(session: Session, world: World) -> int:
    reader, done = Reader.load(None), 0
    reader.read([])
    while read := reading.read_waiting(session, reader, lambda: NOW + timedelta(minutes=11)):
        done += read
    return done


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default=os.environ.get("WAYMARK_TEST_POSTGRES"))
    parser.add_argument("--number", type=int, default=2_000)
    given = parser.parse_args()
    with floor() as base, database(Place("PostgreSQL", given.postgres)) as url:
        engine = make_engine(url)
        prepare(engine)
        _print_all(World(engine, services_at(base), given.number))
        engine.dispose()


def _print_all(world: World) -> None:
    seen = world.number
    with Session(world.engine) as session:
        _events("seen", "first", seen, seen)(session)
    plain = measured(world, _events("seen", "plain", MORE * seen, seen))
    asked = measured(world, _events("delivered", "asked", seen, seen))
    print("| step | worker or web, ms | PostgreSQL, ms |\n|---|---|---|")
    _row("event", plain)
    _row("schedule", (asked[0] - plain[0], asked[1] - plain[1]))
    for name, work in STEPS.items():
        _row(name, measured(world, lambda session, work=work: work(session, world)))


def _row(name: str, cost: tuple[float, float]) -> None:
    print(f"| {name} | {cost[0]:.2f} | {cost[1]:.2f} |", flush=True)


STEPS: dict[str, Callable[[Session, World], int]] = {
    "decide": _decide,
    "send": _send,
    "receipt": _receipts,
    "reply": _replies,
    "listen": _listen,
    "read": _read,
}


if __name__ == "__main__":
    main()
