"""One worker and two, on the same invitations: all decided on, written, sent and settled.

So many invitations of two workspaces fall due at once; a clock and one or two of our worker
processes do them against the local server that stands for Twilio, once embedded (workers look by
themselves) and once woken through a broker, on PostgreSQL. The server answers after --answer
seconds, as Twilio does after a tenth: a worker waits for it most of the time, so that a second one
has something to add even where the cores are few. Told: invitations a second, their ratio, and the
CPU of the workers for each.

    python -m benchmarks.fleet [--postgres URL] [--broker redis://127.0.0.1:6379/9] [--many 2000]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from benchmarks.sending import SENDER, customer, floor, shop
from benchmarks.serving import Place, database
from benchmarks.twilio_floor import ACCOUNT, TOKEN
from models import migrate
from models.engine import make_engine
from models.invitation import Invitation
from models.job import WorkerSeen
from models.message import Message
from surveys import invitations

TICKS = os.sysconf("SC_CLK_TCK")
LONGEST = 300.0


@dataclass(frozen=True)
class Wanted:
    """How much is done, and where."""

    postgres: str
    broker: str | None
    many: int
    base: str


def prepare(engine: Engine, many: int) -> None:
    """Two workspaces; the invitations wait for a time far away."""
    now = datetime.now(UTC)
    migrate.upgrade(engine)
    with Session(engine) as session:
        for name, share in (("large", many * 9 // 10), ("small", many - many * 9 // 10)):
            workspace = shop(session, now, name)
            session.add_all(customer(workspace.id, number, now) for number in range(share))
            session.flush()
            for number in range(share):
                invitations.invite(session, workspace, "nps", f"c{number}", "sms", now)
        session.execute(update(Invitation).values(due_at=now + timedelta(days=1)))
        session.commit()


def cpu_seconds(process: subprocess.Popen[bytes]) -> float:
    """User and system time of a process."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def told(url: str, wanted: Wanted) -> Iterator[dict[str, str]]:
    """What our processes are told by their environment."""
    with tempfile.TemporaryDirectory() as home:
        env = {
            **os.environ,
            "DATABASE_URL": url,
            "WAYMARK_HOME": home,
            "SECRET_KEY": "s" * 40,
            "PUBLIC_URL": "https://ask.example.com",
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": SENDER,
            "TWILIO_API_BASE": wanted.base,
        }
        yield {**env, "BROKER_URL": wanted.broker} if wanted.broker else env


def start(name: str, env: dict[str, str]) -> subprocess.Popen[bytes]:
    """One of our processes: the clock or a worker."""
    command = [sys.executable, "-m", "feedback", name]
    return subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)


@contextmanager
def processes(url: str, wanted: Wanted, workers: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """A clock and so many workers; gives the workers."""
    with told(url, wanted) as env:
        running = [start(name, env) for name in ("clock", *["worker"] * workers)]
        try:
            yield running[1:]
        finally:
            for process in running:
                process.kill()
                process.wait()


def one_run(wanted: Wanted, workers: int) -> tuple[float, float]:
    """Invitations a second, and milliseconds of the workers' CPU for each."""
    with database(Place("PostgreSQL", wanted.postgres)) as url:
        engine = make_engine(url)
        prepare(engine, wanted.many)
        with processes(url, wanted, workers) as running:
            _until(engine, lambda session: _alive(session) == workers)
            before = sum(map(cpu_seconds, running))
            began = time.monotonic()
            with Session(engine) as session:
                session.execute(update(Invitation).values(due_at=datetime.now(UTC)))
                session.commit()
            _until(engine, lambda session: _left(session) >= wanted.many)
            took = time.monotonic() - began
            cpu = sum(map(cpu_seconds, running)) - before
        _check(engine, wanted.many)
        engine.dispose()
    return wanted.many / took, 1000 * cpu / wanted.many


def _until(engine: Engine, done: Callable[[Session], bool]) -> None:
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        with Session(engine) as session:
            if done(session):
                return
        time.sleep(0.1)
    raise SystemExit("it took too long")


def _alive(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(WorkerSeen)) or 0


def _left(session: Session) -> int:
    return session.scalar(select(func.count()).where(Message.status == "queued")) or 0


def _check(engine: Engine, many: int) -> None:
    """Each left once, or the figures mean nothing."""
    with Session(engine) as session:
        again = session.scalar(select(func.count()).where(Message.attempts != 1))
        made = session.scalar(select(func.count(func.distinct(Message.invitation_id))))
    if again or made != many:
        raise SystemExit(f"{made} of {many} left, {again} of them tried again")


def row(name: str, wanted: Wanted) -> None:
    """Print a row: one worker, then two."""
    found: Sequence[tuple[float, float]] = [one_run(wanted, workers) for workers in (1, 2)]
    (one, one_cpu), (two, two_cpu) = found
    print(f"| {name} | {one:.0f} | {two:.0f} | {two / one:.2f} | {one_cpu:.1f} | {two_cpu:.1f} |")


def main() -> None:
    """Run embedded, and through a broker where one is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default=os.environ.get("WAYMARK_TEST_POSTGRES"))
    parser.add_argument("--broker", action="append", default=[])
    parser.add_argument("--many", type=int, default=2000)
    parser.add_argument("--answer", type=float, default=0.1)
    given = parser.parse_args()
    if not given.postgres:
        raise SystemExit("this needs PostgreSQL: set WAYMARK_TEST_POSTGRES")
    print("| workers | one /s | two /s | ratio | CPU one, ms | CPU two, ms |")
    print("|---|---|---|---|---|---|")
    with floor(given.answer) as base:
        row("looking by themselves", Wanted(given.postgres, None, given.many, base))
        for broker in given.broker:
            name = f"woken by {broker.split(':')[0]}"
            row(name, Wanted(given.postgres, broker, given.many, base))


if __name__ == "__main__":
    main()
