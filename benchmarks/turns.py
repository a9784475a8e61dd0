"""What it costs to find the next batch of invitations while one workspace has ever more due.

One workspace has so many invitations due, another a single one that has just fallen due. Told: the
milliseconds of the clock's look whether something is due, and of taking a batch of two hundred in
which workspaces take turns (medians, rolled back each time), and whether the single one is in it.

    python -m benchmarks.turns [--postgres URL] [--backlog 10000,1000000]
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from benchmarks.fleet import prepare
from benchmarks.serving import Place, database
from models.engine import make_engine
from surveys.firing import DUE, owed
from surveys.taking_turns import take

BATCH, ROUNDS = 200, 41
MORE = text(
    """
    INSERT INTO invitations (workspace_id, customer_id, survey_id, version_id, channel, token,
        status, due_at, expires_at, status_at, created_at)
    SELECT i.workspace_id, i.customer_id, i.survey_id, i.version_id, i.channel,
        'b' || CAST(:had AS text) || '-' || n, 'scheduled',
        CAST(:now AS timestamptz) - interval '1 hour', i.expires_at, i.status_at, i.created_at
    FROM (SELECT invitations.* FROM invitations JOIN workspaces w ON w.id = workspace_id
          WHERE w.name = 'large' LIMIT 1) AS i, generate_series(1, :more) AS n
    """
)
SINGLE = text(
    """
    UPDATE invitations SET due_at = :now WHERE id = (
        SELECT min(i.id) FROM invitations i JOIN workspaces w ON w.id = workspace_id
        WHERE w.name = 'small') RETURNING id
    """
)


def median_ms(work: Callable[[], object]) -> float:
    """The median of some rounds, in milliseconds."""
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return 1000 * statistics.median(took)


def grow(engine: Engine, had: int, size: int, now: datetime) -> None:
    """Make so many due in the large workspace."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(MORE, {"had": had, "more": size - had, "now": now})
        connection.execute(text("VACUUM ANALYZE invitations"))


def row(engine: Engine, size: int, single: int, now: datetime) -> None:
    """Measure and print one size."""
    with Session(engine) as session:

        def batch() -> list[int]:
            taken = take(session, DUE, now, BATCH)
            session.rollback()
            return taken

        there = "yes" if single in batch() else "no"
        look = median_ms(lambda: owed(session, now))
        print(f"| {size:,} | {look:.1f} | {median_ms(batch):.1f} | {there} |", flush=True)


def main() -> None:
    """Run on PostgreSQL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default=os.environ.get("WAYMARK_TEST_POSTGRES"))
    parser.add_argument("--backlog", default="10000,100000,1000000")
    given = parser.parse_args()
    if not given.postgres:
        raise SystemExit("this needs PostgreSQL: set WAYMARK_TEST_POSTGRES")
    with database(Place("PostgreSQL", given.postgres)) as url:
        engine, now, had = make_engine(url), datetime.now(UTC), 0
        prepare(engine, 20)
        with engine.begin() as connection:
            single = int(connection.execute(SINGLE, {"now": now}).scalar_one())
        print("| due in one workspace | anything due? ms | batch of 200, ms | the other's in it |")
        print("|---|---|---|---|")
        for size in map(int, given.backlog.split(",")):
            grow(engine, had, size, now)
            had = size
            row(engine, size, single, now)
        engine.dispose()


if __name__ == "__main__":
    main()
