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
import multiprocessing
import os
import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from benchmarks.fleet import Wanted
from benchmarks.minute_crew import Crew, crew
from benchmarks.minute_floor import rows_rate
from benchmarks.minute_table import Mark, report
from benchmarks.minute_world import BEFORE, gone, settled, until, world
from benchmarks.sending import bare, floor
from benchmarks.serving import Place, database
from models.engine import make_engine
from models.job import WorkerSeen

LONGEST = 1800.0
FLOOR = 9_000


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
            until(lambda: _alive(engine) == workers, 120)
            settled(engine)
            time.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()))
            before = hands.cpu()
            if kill_every:
                hands.kill_every(kill_every)
            marks = _watch(engine, wanted.many, hands, due)
            cpu = 1000 * (hands.cpu() - before) / wanted.many
            report(engine, wanted, workers, hands, (bare_rate, kept_rate, cpu), marks)
        engine.dispose()


def _kept_rate(server: str, base: str, hands: int) -> float:
    """Invitations a second of the loop that writes our rows, in a database of its own."""
    with database(Place("PostgreSQL", server)) as url:
        engine = make_engine(url)
        world(engine, FLOOR, datetime.now(UTC) + timedelta(days=1), 1)
        engine.dispose()
        rows_rate(url, base, 1, BEFORE, hands)
        return rows_rate(url, base, BEFORE + 1, FLOOR - BEFORE, hands)


def _watch(engine: Engine, many: int, hands: Crew, due: datetime) -> list[Mark]:
    marks: list[Mark] = []
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        left = gone(engine)
        seconds = (datetime.now(UTC) - due).total_seconds()
        if not marks or left >= marks[-1][1] + many / 10 or left == many:
            marks.append((seconds, left, hands.memory()))
        if left >= many * 0.95:
            hands.no_more()
        if left == many:
            return marks
        time.sleep(0.5)
    raise SystemExit(f"{gone(engine)} of {many} left within {LONGEST:.0f} s")


def _alive(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(WorkerSeen)) or 0


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
