"""The active clock is killed, or paused, again and again; another takes over.

Three clocks and two workers run on one database, and messages fall due all the time. In each
round the active clock ends by `kill -9` while another stands by; after every fifth it is paused
(SIGSTOP) until another is active, and then goes on (SIGCONT). Triggers in the database write down
who handed a task out while who held the lease, and when tasks began and ended. Counted at the end:
hand-outs by a clock that was not the holder, tasks of one kind and slot under way twice at once,
messages sent twice or never.

    python -m benchmarks.failover [--postgres URL] [--kills 50]
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from benchmarks.serving import Place, database
from feedback.commands import clock
from models import migrate
from models.engine import make_engine
from models.message import Message
from models.workspace import Workspace

CLOCKS, WORKERS, LONGEST = 3, 2, 60.0
PAUSE_EVERY = 5
WATCH = """
CREATE TABLE watched_hand_outs (task BIGINT, by_name TEXT, holder TEXT, epoch INT);
CREATE TABLE watched_tasks (
    n BIGSERIAL, kind TEXT, slot INT, task BIGINT, was TEXT, becomes TEXT, worker TEXT);
CREATE FUNCTION watch_hand_out() RETURNS trigger AS $$ BEGIN
    INSERT INTO watched_hand_outs SELECT NEW.id, current_setting('application_name'), holder, epoch
    FROM leases WHERE name = 'clock'; RETURN NEW; END $$ LANGUAGE plpgsql;
CREATE FUNCTION watch_task() RETURNS trigger AS $$ BEGIN
    INSERT INTO watched_tasks (kind, slot, task, was, becomes, worker)
    VALUES (NEW.kind, NEW.slot, NEW.id, OLD.status, NEW.status, NEW.claimed_by);
    RETURN NEW; END $$ LANGUAGE plpgsql;
CREATE TRIGGER watch_hand_out AFTER INSERT ON tasks FOR EACH ROW EXECUTE FUNCTION watch_hand_out();
CREATE TRIGGER watch_task AFTER UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION watch_task();
"""
STRANGERS = "SELECT count(*) FROM watched_hand_outs WHERE position(by_name in holder) = 0"
HAND_OUTS = "SELECT count(*), count(DISTINCT epoch) FROM watched_hand_outs"
AT_ONCE = """
SELECT count(*) FROM (
    SELECT becomes, worker, lag(becomes) OVER w AS before, lag(worker) OVER w AS by
    FROM watched_tasks WINDOW w AS (PARTITION BY kind, slot ORDER BY n)
) AS steps WHERE becomes = 'running' AND before = 'running' AND by <> worker
"""
TASKS = "SELECT count(*) FROM watched_tasks WHERE was = 'ready' AND becomes = 'running'"
SENT = (
    "SELECT count(*), count(*) FILTER (WHERE attempts <> 1) FROM messages WHERE status <> 'pending'"
)
LEFT = "SELECT count(*) FROM messages WHERE status = 'pending'"


def run_clock(environment: dict[str, str]) -> None:
    """Be a clock; the connections carry the process id as their name."""
    os.environ.update(environment)
    os.environ["DATABASE_URL"] += f"?application_name=:{os.getpid()}:"
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    clock.command.main([], standalone_mode=False)


@dataclass
class Fleet:
    """The processes. Clocks come of one that has loaded the program: starting takes no time."""

    environment: dict[str, str]
    clocks: list[Any] = field(default_factory=list)
    others: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        """Start all."""
        multiprocessing.set_forkserver_preload(["benchmarks.failover"])
        worker = [sys.executable, "-m", "feedback", "worker"]
        told = {**os.environ, **self.environment}
        for _ in range(WORKERS):
            self.others.append(subprocess.Popen(worker, env=told, stderr=subprocess.DEVNULL))
        for _ in range(CLOCKS):
            self.add_clock()

    def add_clock(self) -> None:
        """Start a clock."""
        context = multiprocessing.get_context("forkserver")
        process = context.Process(target=run_clock, args=(self.environment,))
        process.start()
        self.clocks.append(process)

    def stop(self) -> None:
        """End all."""
        for process in self.clocks:
            os.kill(process.pid, signal.SIGKILL)
            process.join()
        for other in self.others:
            other.kill()
            other.wait()

    def active(self, holder: str) -> Any:
        """The clock that holds the lease."""
        return next(one for one in self.clocks if f":{one.pid}:" in holder)


@dataclass
class Trial:
    """One run of kills and pauses."""

    engine: Engine
    fleet: Fleet
    workspace_id: int
    made: int = 0
    took: list[float] = field(default_factory=list)

    def lease(self) -> tuple[str, int]:
        """Who holds the lease, and its epoch."""
        with self.engine.connect() as connection:
            living = "SELECT holder, epoch FROM leases WHERE expires_at > clock_timestamp()"
            row = connection.execute(text(living)).first()
            return (str(row[0]), int(row[1])) if row else ("", 0)

    def feed(self) -> None:
        """Ten messages more are due."""
        now = datetime.now(UTC)
        about = {"workspace_id": self.workspace_id, "direction": "out", "kind": "question"}
        times = {"created_at": now, "status_at": now, "status": "pending", "segments": 1}
        rows = [
            {**about, **times, "sender": "+447700900000", "address": f"+4477{number:08d}"}
            | {"body": "How?", "provider": "simulator", "priority": 5, "attempts": 0}
            for number in range(self.made, self.made + 10)
        ]
        with self.engine.begin() as connection:
            connection.execute(insert(Message), rows)
        self.made += 10

    def until(self, epoch: int) -> tuple[str, int]:
        """Feed until another holds the lease; who, and its epoch."""
        end, fed = time.monotonic() + LONGEST, 0.0
        while time.monotonic() < end:
            holder, now = self.lease()
            if holder and now > epoch:
                return holder, now
            if time.monotonic() - fed > 0.7:
                fed = time.monotonic()
                self.feed()
            time.sleep(0.05)
        raise SystemExit("nobody took over")

    def stand_by(self) -> None:
        """Wait until every clock is there."""
        names = "SELECT count(DISTINCT application_name) FROM pg_stat_activity WHERE "
        mine = [f":{one.pid}:" for one in self.fleet.clocks]
        there = text(names + "application_name = ANY(:names)")
        end = time.monotonic() + LONGEST
        while time.monotonic() < end:
            with self.engine.connect() as connection:
                if connection.scalar(there, {"names": mine}) == len(mine):
                    return
            self.feed()
            time.sleep(0.7)
        raise SystemExit("the clocks did not start")

    def strike(self, pause: bool) -> None:
        """Kill or pause the active clock, and wait until another is active."""
        self.stand_by()
        holder, epoch = self.lease()
        victim = self.fleet.active(holder)
        os.kill(victim.pid, signal.SIGSTOP if pause else signal.SIGKILL)
        began = time.monotonic()
        self.until(epoch)
        self.took.append(time.monotonic() - began)
        if pause:
            os.kill(victim.pid, signal.SIGCONT)
        else:
            victim.join()
            self.fleet.clocks.remove(victim)
            self.fleet.add_clock()
        word = "paused" if pause else "killed"
        print(f"{word}: another after {self.took[-1]:.1f} s", file=sys.stderr, flush=True)
        # the next one to strike has handed out before it is struck
        end = time.monotonic() + 1.4
        while time.monotonic() < end:
            self.feed()
            time.sleep(0.7)

    def settle(self) -> None:
        """Wait until nothing is left to send."""
        end = time.monotonic() + LONGEST
        while time.monotonic() < end and self.count(LEFT)[0]:
            time.sleep(0.2)

    def count(self, query: str) -> tuple[int, ...]:
        """One row of numbers."""
        with self.engine.connect() as connection:
            return tuple(int(one) for one in connection.execute(text(query)).one())


def trial(url: str, kills: int) -> Trial:
    """Run it on a throw-away database."""
    engine = make_engine(url)
    migrate.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text(WATCH))
    with Session(engine) as session:
        workspace = Workspace(name="shop", company="Fern & Field", created_at=datetime.now(UTC))
        session.add(workspace)
        session.commit()
        known = workspace.id
    with tempfile.TemporaryDirectory() as home:
        told = {"DATABASE_URL": url, "WAYMARK_HOME": home, "SECRET_KEY": "s" * 40}
        public = {"PUBLIC_URL": "https://ask.example.com"}
        made = Trial(engine, Fleet({**told, **public}), known)
        made.fleet.start()
        try:
            made.until(0)
            for number in range(1, kills + kills // PAUSE_EVERY + 1):
                made.strike(pause=number % (PAUSE_EVERY + 1) == 0)
            made.settle()
        finally:
            made.fleet.stop()
    return made


def told(done: Trial, kills: int) -> None:
    """Print the table."""
    sent, again = done.count(SENT)
    hand_outs, epochs = done.count(HAND_OUTS)
    rows = (
        ("kills, pauses", f"{kills}, {len(done.took) - kills}"),
        ("until another was active, median", f"{statistics.median(done.took):.1f} s"),
        ("until another was active, longest", f"{max(done.took):.1f} s (goal: 10 s)"),
        ("tasks handed out, under so many epochs", f"{hand_outs:,}, {epochs}"),
        ("handed out by a clock that was not the holder", f"{done.count(STRANGERS)[0]}"),
        ("tasks begun", f"{done.count(TASKS)[0]:,}"),
        ("of one kind and slot under way twice at once", f"{done.count(AT_ONCE)[0]}"),
        ("messages due, sent, sent more than once", f"{done.made:,}, {sent:,}, {again}"),
    )
    print("| what | PostgreSQL |\n|---|---|")
    for name, value in rows:
        print(f"| {name} | {value} |")


def main() -> None:
    """Run on PostgreSQL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default=os.environ.get("WAYMARK_TEST_POSTGRES"))
    parser.add_argument("--kills", type=int, default=50)
    given = parser.parse_args()
    if not given.postgres:
        raise SystemExit("this needs PostgreSQL: set WAYMARK_TEST_POSTGRES")
    with database(Place("PostgreSQL", given.postgres)) as url:
        done = trial(url, given.kills)
        told(done, given.kills)
        done.engine.dispose()


if __name__ == "__main__":
    main()
