"""A hundred thousand invitations that fall due in the same minute, with workers killed meanwhile.

They are decided on, written, sent through Twilio's own SDK to a local server, and settled, by a
clock and so many of our worker processes on PostgreSQL. Every so many seconds one of the workers,
or the clock, is killed (SIGKILL) and started again. The floor is a bare loop of the same SDK in as
many processes, which keeps nothing; beside it stands the same loop that writes the rows which ours
keeps, and decides nothing (`minute_floor`). The server counts what each phone got.

    python -m benchmarks.minute [--postgres URL] [--many 100000] [--workers 2] [--kill-every 20]

Told: invitations a second from the first that fell due until 95 of 100 and until all had left,
beside the floor's; the CPU of the workers for each; how late they left; the workers' memory as it
went; phones that got nothing, and phones that got it twice. A message in the hands of a worker that
was killed waits for its lease (two minutes) before the provider's list is asked: that is the end.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from benchmarks.fleet import Wanted, cpu_seconds, start, told
from benchmarks.minute_floor import rows_rate
from benchmarks.sending import bare, floor, shop
from benchmarks.serving import Place, database, resident_mb
from models import migrate
from models.engine import make_engine
from models.job import WorkerSeen
from models.message import Message

LONGEST = 1800.0
FLOOR = 9_000
BEFORE = 1_000
"""So many are asked first: what a database that has lived knows of its tables, and warm workers."""
CUSTOMERS = text(
    """
    INSERT INTO customers (id, workspace_id, external_id, phone, attributes, is_test, created_at,
      updated_at)
    SELECT n, 1, 'c' || n, '+4477' || lpad(n::text, 8, '0'), '{}', false, :now, :now
    FROM generate_series(1, :many + :before) n
    """
)
INVITATIONS = text(
    """
    INSERT INTO invitations (workspace_id, customer_id, survey_id, version_id, channel, token,
      status, due_at, expires_at, status_at, created_at)
    SELECT 1, n, v.survey_id, v.id, 'sms', 'm' || n, 'scheduled',
      CASE WHEN n > :many THEN :now
        ELSE :due + (n % CAST(:within AS integer)) * interval '1 second' END,
      :due + interval '3 days', :now, :now
    FROM survey_versions v, generate_series(1, :many + :before) n
    """
)


def world(engine: Engine, many: int, due: datetime, within: int) -> None:
    """A workspace whose invitations fall due within so many seconds from then; a few at once."""
    now = datetime.now(UTC)
    migrate.upgrade(engine)
    with Session(engine) as session:
        shop(session, now)
        many_and_now = {"many": many, "before": BEFORE, "now": now}
        session.execute(CUSTOMERS, many_and_now)
        session.execute(INVITATIONS, {**many_and_now, "due": due, "within": within})
        session.commit()


def settled(engine: Engine) -> None:
    """Wait for those that are asked first, and let PostgreSQL look at its tables."""
    _until(lambda: _gone(engine) == 0, 120)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


@dataclass
class Crew:
    """The clock and the workers, killed and started again."""

    env: dict[str, str]
    names: Sequence[str]
    seed: int
    spent: float = 0.0
    kills: int = 0

    def __post_init__(self) -> None:
        self._stop, self._dice = threading.Event(), random.Random(self.seed)
        self._lock = threading.Lock()
        self._at = [start(name, self.env) for name in self.names]

    def cpu(self) -> float:
        """Seconds of all workers so far, the dead ones' too."""
        with self._lock:
            alive = [one for name, one in zip(self.names, self._at, strict=True) if name != "clock"]
            return self.spent + sum(map(cpu_seconds, alive))

    def memory(self) -> float:
        """MB of the largest worker."""
        with self._lock:
            pairs = zip(self.names, self._at, strict=True)
            return max(resident_mb(one.pid) for name, one in pairs if name != "clock")

    def kill_every(self, seconds: float) -> threading.Thread:
        """Kill one at random every so often, until stopped."""
        thread = threading.Thread(target=self._kill, args=(seconds,), daemon=True)
        thread.start()
        return thread

    def _kill(self, seconds: float) -> None:
        while not self._stop.wait(seconds):
            place = self._dice.randrange(len(self.names))
            with self._lock:
                one = self._at[place]
                if self.names[place] != "clock":
                    self.spent += cpu_seconds(one)
                one.kill()
                one.wait()
                self._at[place] = start(self.names[place], self.env)
                self.kills += 1

    def no_more(self) -> None:
        """Kill nobody from now on."""
        self._stop.set()

    def end(self) -> None:
        """End them all."""
        self.no_more()
        with self._lock:
            for one in self._at:
                one.kill()
                one.wait()


@contextmanager
def crew(url: str, wanted: Wanted, workers: int, seed: int) -> Iterator[Crew]:
    """A clock and so many workers."""
    with told(url, wanted) as env:
        made = Crew(env, ["clock", *["worker"] * workers], seed)
        try:
            yield made
        finally:
            made.end()


def counted(base: str) -> dict[str, int]:
    """What phones got, by the server's count."""
    with urllib.request.urlopen(f"{base}/counted") as answer:
        found: dict[str, int] = json.load(answer)
    return found


def floor_rate(base: str, messages: int, hands: int) -> float:
    """Messages a second of the bare SDK in so many processes."""
    began = time.perf_counter()
    context = multiprocessing.get_context("spawn")
    each = [context.Process(target=bare, args=(base, messages // hands, 1)) for _ in range(hands)]
    for one in each:
        one.start()
    for one in each:
        one.join()
    return messages / (time.perf_counter() - began)


def run(wanted: Wanted, workers: int, within: int, kill_every: float, seed: int) -> None:
    """One run, and its report."""
    with floor(0.0) as other:
        floor_rate(other, 2_000, workers)  # processes begin more slowly the first time
        bare_rate = floor_rate(other, max(20_000, wanted.many // 5), workers)
        kept_rate = _kept_rate(wanted.postgres, other, workers)
    with database(Place("PostgreSQL", wanted.postgres)) as url:
        engine = make_engine(url)
        due = datetime.now(UTC) + timedelta(seconds=45 + wanted.many / 8_000)
        world(engine, wanted.many, due, within)
        with crew(url, wanted, workers, seed) as hands:
            _until(lambda: _alive(engine) == workers, 120)
            settled(engine)
            time.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()))
            before = hands.cpu()
            if kill_every:
                hands.kill_every(kill_every)
            marks = _watch(engine, wanted.many, hands, due)
            cpu = 1000 * (hands.cpu() - before) / wanted.many
            _report(engine, wanted, workers, hands, (bare_rate, kept_rate, cpu), marks)
        engine.dispose()


def _kept_rate(server: str, base: str, hands: int) -> float:
    """Invitations a second of the loop that writes our rows, in a database of its own."""
    with database(Place("PostgreSQL", server)) as url:
        engine = make_engine(url)
        world(engine, FLOOR, datetime.now(UTC) + timedelta(days=1), 1)
        engine.dispose()
        rows_rate(url, base, 1, BEFORE, hands)
        return rows_rate(url, base, BEFORE + 1, FLOOR - BEFORE, hands)


Mark = tuple[float, int, float]
"""Seconds since the first fell due, how many have left, MB of the largest worker."""


def _watch(engine: Engine, many: int, hands: Crew, due: datetime) -> list[Mark]:
    marks: list[Mark] = []
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        gone = _gone(engine)
        seconds = (datetime.now(UTC) - due).total_seconds()
        if not marks or gone >= marks[-1][1] + many / 10 or gone == many:
            marks.append((seconds, gone, hands.memory()))
        if gone >= many * 0.95:
            hands.no_more()
        if gone == many:
            return marks
        time.sleep(0.5)
    raise SystemExit(f"{_gone(engine)} of {many} left within {LONGEST:.0f} s")


def _gone(engine: Engine) -> int:
    """How many have left, those asked first not counted."""
    with Session(engine) as session:
        left = session.scalar(select(func.count()).where(Message.provider_id.is_not(None)))
        return (left or 0) - BEFORE


def _alive(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(WorkerSeen)) or 0


def _until(done: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return
        time.sleep(0.2)
    raise SystemExit("the workers did not start")


def _lateness(engine: Engine, many: int) -> list[float]:
    """Seconds from due to accepted, of half, of 95 of 100, of all."""
    told = text(
        "SELECT percentile_cont(ARRAY[0.5, 0.95, 1.0]) WITHIN GROUP (ORDER BY "
        "extract(epoch FROM sent_at - due_at)) FROM invitations WHERE customer_id <= :many"
    )
    with engine.connect() as connection:
        return [float(one) for one in connection.execute(told, {"many": many}).scalar_one()]


def _report(
    engine: Engine,
    wanted: Wanted,
    workers: int,
    hands: Crew,
    figures: tuple[float, float, float],
    marks: Sequence[Mark],
) -> None:
    bare_rate, kept_rate, cpu = figures
    found, late = counted(wanted.base), _lateness(engine, wanted.many)
    nearly = next(seconds for seconds, gone, _ in marks if gone >= 0.95 * wanted.many)
    rate = wanted.many / marks[-1][0], 0.95 * wanted.many / nearly
    print(f"{wanted.many:,} invitations, {workers} workers, {hands.kills} kills")
    print("\n| bare SDK /s | 95 of 100, /s | share | all, /s | share | CPU of workers, ms each |")
    print("|---|---|---|---|---|---|")
    shares = [one / bare_rate for one in rate]
    print(
        f"| {bare_rate:.0f} | {rate[1]:.0f} | {shares[1]:.2f} | {rate[0]:.0f} | {shares[0]:.2f} |"
        f" {cpu:.2f} |"
    )
    print(f"\nbare SDK and the same rows: {kept_rate:.0f} /s; ours {rate[1] / kept_rate:.2f} of it")
    print("\n| half left within, s | 95 of 100 | the last | phones without any | phones with two |")
    print("|---|---|---|---|---|")
    lost = wanted.many + BEFORE - found["phones"]
    print(f"| {late[0]:.0f} | {late[1]:.0f} | {late[2]:.0f} | {lost} | {found['twice']} |")
    print("\nmemory: " + ", ".join(f"{mb:.0f} MB at {gone:,}" for _, gone, mb in marks))


def main() -> None:
    """Run it once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default=os.environ.get("WAYMARK_TEST_POSTGRES"))
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--within", type=int, default=60, help="seconds in which all fall due")
    parser.add_argument("--kill-every", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if not given.postgres:
        raise SystemExit("this needs PostgreSQL: set WAYMARK_TEST_POSTGRES")
    with floor(0.0) as base:
        wanted = Wanted(given.postgres, None, given.many, base)
        run(wanted, given.workers, given.within, given.kill_every, given.seed)


if __name__ == "__main__":
    main()
