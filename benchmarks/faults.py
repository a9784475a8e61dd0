"""A run of conversations by SMS under every fault, the simulator counting what phones got.

Web, clock and two workers run on PostgreSQL against the simulator over HTTP, through Twilio's own
SDK. Meanwhile processes are killed (SIGKILL) at random moments and started again, PostgreSQL is
restarted (immediate mode, where a cluster of our own can be made), the provider answers late,
twice, never, with 500s, 503s and 429s, webhooks are repeated, reordered, lost and forged, and the
provider's clock is minutes ahead; for a quarter of the time its first account answers only
errors, and a second one carries on. People type scores, reasons, nonsense, two messages at once and
STOP. At the end faults stop, time goes on, and every promise is checked.

    python -m benchmarks.faults [--postgres URL] [--people 2000] [--seconds 180] [--seed N]

Prints a report; exit status 1, with the seed, where a promise was broken.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from benchmarks.fault_checks import STUCK, Broken, broken
from benchmarks.fault_fleet import COMMANDS, Fleet, postgres
from benchmarks.fault_people import SURVEY, Person, Phones, people
from benchmarks.ports import free_port
from benchmarks.serving import Place, database
from feedback.app import make_services
from feedback.configuration.apply import apply_text
from feedback.settings import load
from models import migrate
from models.conversation import Conversation
from models.customer import Customer
from models.engine import make_engine
from models.invitation import Invitation
from models.message import Message
from models.workspace import Workspace
from surveys import invitations
from surveys.claims import forget_crashed
from surveys.delivery import fire_due, send_pending
from surveys.reconcile import reconcile
from surveys.simulator.account import Account, OptOut
from surveys.simulator.app import create_app
from surveys.simulator.faults import Faults
from surveys.simulator.server import listen, serve
from surveys.simulator.service import Simulator

NUMBER, FALLBACK = "+447700900000", "+447700900900"
ACCOUNTS = ("AC" + "0" * 32, "AC" + "1" * 32)
ERRORS_ONLY = (0.4, 0.65)
"""The part of the run in which the first account answers nothing but errors."""
ODDS = {
    **{"drop": 0.02, "silent": 0.003, "broken": 0.02, "unavailable": 0.02, "busy": 0.01},
    **{"hangup": 0.02, "gateway": 0.02, "late": 0.01, "nonsense": 0.01, "twice": 0.01},
    **{"undelivered": 0.03, "repeat": 0.1, "reorder": 0.1, "missing": 0.05},
    **{"forged": 0.02, "lists": 0.05},
}
DELAYS = {"queued": 0.0, "sending": 0.02, "sent": 0.05, "delivered": 0.2}
AHEAD = timedelta(minutes=3)
EVERY_KILL, RESTARTED_AFTER = (2.0, 5.0), (0.2, 1.5)
HANDS = 6


@dataclass
class Run:
    """What happens in one run, counted."""

    simulators: tuple[Simulator, Simulator]
    crowd: list[Person]
    fleet: Fleet
    restart: list[str] | None
    dice: random.Random
    stopping: threading.Event = field(default_factory=threading.Event)
    happened: Counter[str] = field(default_factory=Counter)

    @property
    def phones(self) -> Phones:
        """Everybody's, whichever account texts them."""
        return Phones(self.simulators)

    def fail_first(self, seconds: float) -> None:
        """Let the first account answer only errors for a part of the run."""
        faults, (begin, end) = self.simulators[0].faults, ERRORS_ONLY
        if not self.stopping.wait(seconds * begin):
            faults.odds = {"broken": 1.0}
            self.happened["first account answers only errors"] += 1
            self.stopping.wait(seconds * (end - begin))
            faults.odds = ODDS

    def talk(self, hand: int) -> None:
        """People of one hand look at their phones, again and again."""
        mine = self.crowd[hand::HANDS]
        while not self.stopping.is_set():
            for person in mine:
                person.look(self.phones, self.simulators[0].now)
            self.stopping.wait(0.1)

    def break_things(self, until: float) -> None:
        """Kill and restart until the time is over."""
        restarts = [until - 90, until - 40] if self.restart else []
        while time.monotonic() < until:
            time.sleep(self.dice.uniform(*EVERY_KILL))
            if self.restart and restarts and time.monotonic() > restarts[0]:
                restarts.pop(0)
                subprocess.run(self.restart, check=True, stdout=subprocess.DEVNULL)
                self.happened["PostgreSQL restarted"] += 1
            name = self.dice.choice(list(COMMANDS))
            self.fleet.kill(name)
            self.happened[f"{name} killed"] += 1
            time.sleep(self.dice.uniform(*RESTARTED_AFTER))
            self.fleet.start(name)


def prepare(engine: Engine, count: int, seconds: float) -> list[str]:
    """So many customers, each to be asked at some moment of the run; their numbers."""
    now = datetime.now(UTC)
    migrate.upgrade(engine)
    numbers = [f"+4477{place:08d}" for place in range(10_000_000, 10_000_000 + count)]
    with Session(engine) as session:
        workspace = Workspace(name="shop", company="Fern & Field", created_at=now)
        session.add(workspace)
        session.flush()
        apply_text(session, workspace, SURVEY, now)
        for number in numbers:
            base = {"workspace_id": workspace.id, "external_id": number, "phone": number}
            session.add(Customer(**base, attributes={}, created_at=now, updated_at=now))
        session.flush()
        for place, number in enumerate(numbers):
            made = invitations.invite(session, workspace, "visit", number, "sms", now)
            made.due_at = now + timedelta(seconds=seconds * 0.8 * place / count)
        session.commit()
    return numbers


@contextmanager
def simulated(public_url: str, sid: str, number: str, seed: int) -> Iterator[tuple[Simulator, str]]:
    """One account at work, its clock ahead; its address."""
    inbound = f"{public_url}/sms/twilio/inbound"
    told = {"inbound_url": inbound, "opt_out": OptOut.OFF}
    account = Account(secrets.token_hex(16), sid, numbers=(number,), **told)
    simulator = Simulator(
        account, Faults(ODDS, seed), delays=DELAYS, now=lambda: datetime.now(UTC) + AHEAD
    )
    server = listen(create_app(simulator), "127.0.0.1", 0)
    thread = threading.Thread(target=serve, args=(simulator, server), daemon=True)
    thread.start()
    try:
        yield simulator, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def environment(
    url: str, port: int, accounts: Sequence[tuple[Simulator, str]], home: Path
) -> dict[str, str]:
    """What the program is told."""
    (first, base), (second, other) = accounts
    own = {
        **{"DATABASE_URL": url, "WAYMARK_HOME": str(home), "PORT": str(port)},
        **{"SECRET_KEY": secrets.token_urlsafe(48), "PUBLIC_URL": f"http://127.0.0.1:{port}"},
        **{"TWILIO_ACCOUNT_SID": first.account.sid, "TWILIO_FROM": NUMBER},
        **{"TWILIO_AUTH_TOKEN": first.account.token, "TWILIO_API_BASE": base},
        "TWILIO_FALLBACK_ACCOUNT_SID": second.account.sid,
        "TWILIO_FALLBACK_AUTH_TOKEN": second.account.token,
        "TWILIO_FALLBACK_FROM": FALLBACK,
        "TWILIO_FALLBACK_API_BASE": other,
    }
    return {**os.environ, **own}


def time_goes_on(engine: Engine, told: dict[str, str]) -> None:
    """Let everything owed be done, by a clock that runs ahead, until nothing is on its way."""
    services = make_services(load(told))
    for minutes in range(0, 240, 3):
        now = datetime.now(UTC) + timedelta(minutes=minutes)
        with Session(engine, expire_on_commit=False) as session:
            fire_due(session, services, now)
            forget_crashed(session, now)
            reconcile(session, services, now, limit=10_000)
            while send_pending(session, services, now):
                pass
            left = session.scalar(select(func.count()).where(Message.status.in_(STUCK)))
            if not left and minutes > 10:
                return


def run(server: str, restart: list[str] | None, count: int, seconds: float, seed: int) -> int:
    """One run; how many promises were broken."""
    port = free_port()
    public = f"http://127.0.0.1:{port}"
    home = Path(tempfile.mkdtemp())
    with (
        database(Place("PostgreSQL", server)) as url,
        simulated(public, ACCOUNTS[0], NUMBER, seed) as first,
        simulated(public, ACCOUNTS[1], FALLBACK, seed + 1) as second,
        (home / "log").open("wb") as log,
    ):
        engine = make_engine(url)
        crowd = people(prepare(engine, count, seconds), seed)
        told = environment(url, port, (first, second), home)
        state = Run((first[0], second[0]), crowd, Fleet(told, log), restart, random.Random(seed))
        try:
            _live(state, told["PUBLIC_URL"], seconds)
            time_goes_on(engine, told)
        finally:
            state.stopping.set()
            state.fleet.stop()
        found = _checked(engine, state.phones, crowd)
        report(engine, state, found, seed)
        engine.dispose()
    return len(found)


def _live(state: Run, url: str, seconds: float) -> None:
    """The run itself: everything at work, and broken, and then left alone for a while."""
    for name in COMMANDS:
        state.fleet.start(name)
    state.fleet.wait_until_ready(url)
    talking = [threading.Thread(target=state.talk, args=(hand,)) for hand in range(HANDS)]
    talking.append(threading.Thread(target=state.fail_first, args=(seconds,)))
    for one in talking:
        one.start()
    try:
        state.break_things(time.monotonic() + seconds)
        for one in state.simulators:
            one.faults.odds = {}
        state.fleet.wait_until_ready(url)
        time.sleep(20)
    finally:
        state.stopping.set()
        for one in talking:
            one.join()
    state.phones.settle()
    state.fleet.stop()


def _checked(engine: Engine, phones: Phones, crowd: Sequence[Person]) -> list[Broken]:
    for left in (2, 1, 0):
        try:
            with Session(engine) as session:
                return broken(session, phones, crowd)
        except OperationalError:
            if not left:
                raise
            time.sleep(2)
    raise AssertionError("unreachable")


def report(engine: Engine, state: Run, found: Sequence[Broken], seed: int) -> None:
    """Print what happened and what held."""
    answers, odds = Counter[str](), ", ".join(sorted(ODDS))
    for each in state.simulators:
        answers.update(each.webhooks.answers)
    print(f"Seed {seed}; {len(state.crowd):,} people. Faults of the provider: {odds}.\n")
    print("| what happened | times |\n|---|---|")
    for name, times in sorted(state.happened.items()):
        print(f"| {name} | {times} |")
    accepted = [one for one in state.phones.all() if not one.inbound]
    print(f"| messages the provider took | {len(accepted):,} |")
    by_second = sum(one.account_sid == ACCOUNTS[1] for one in accepted)
    print(f"| of these the fall-back's account | {by_second:,} |")
    print(f"| that reached a phone | {sum(bool(one.arrived) for one in accepted):,} |")
    typed = sum(len(person.typed) for person in state.crowd)
    print(f"| messages typed by people and acknowledged | {typed:,} |")
    print(f"| people who said STOP | {sum(p.stopped_at is not None for p in state.crowd):,} |")
    print(f"| webhooks, by our answer | {dict(answers)} |\n")
    with Session(engine) as session:
        for name, table in (
            ("messages", Message),
            ("invitations", Invitation),
            ("exchanges", Conversation),
        ):
            states = session.execute(
                select(table.status, func.count()).group_by(table.status).order_by(table.status)
            )
            print(f"{name}: {', '.join(f'{status} {many:,}' for status, many in states)}  ")
    print("\n| promise | broken |\n|---|---|")
    words = {
        "twice": "no phone gets the same step twice",
        "lost": "no acknowledged reply is lost",
        "stop": "no STOP is disobeyed",
        "stuck": "everything ends in a state that can be explained",
    }
    counted = Counter(one.promise for one in found)
    for promise, sentence in words.items():
        print(f"| {sentence} | {counted[promise]} |")
    for one in list(found)[:20]:
        print(f"\n- {one.promise}: {one.words}", end="")
    print(flush=True)


def main() -> None:
    """Run on a PostgreSQL of our own, or on the one given, which is not restarted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default=os.environ.get("WAYMARK_TEST_POSTGRES"))
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    with postgres() as own:
        if own is None and not given.postgres:
            raise SystemExit("no PostgreSQL: give --postgres URL")
        server, restart = own or (given.postgres, None)
        if run(server, restart, given.people, given.seconds, given.seed):
            sys.exit(f"broken; again with --seed {given.seed}")


if __name__ == "__main__":
    main()
