"""Decisions in parts of a month beside one table: writing, finding, getting rid of a month.

    python -m benchmarks.months [--postgres URL] [--rows 400000] [--months 24]

Both are the program's own tables, before and after revision 0029, with the same rows spread over
the same months. Milliseconds, the median of some turns.
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

from benchmarks.serving import Place, database
from feedback.retention import parts
from models import migrate
from models.engine import make_engine

TURNS = 40
_CUSTOMER = """
    INSERT INTO workspaces (id, name, company, default_region, default_locale, timezone, accent,
        quarantine_days, created_at) VALUES (1, 'w', 'W', 'GB', 'en', 'UTC', '#000000', 30, now());
    INSERT INTO customers (id, workspace_id, external_id, attributes, is_test, created_at,
        updated_at) VALUES (1, 1, 'c', '{}', false, now(), now());
    INSERT INTO surveys (id, workspace_id, key, name, enabled, quarantine_days, created_at)
        VALUES (1, 1, 's', 'S', true, 30, now());
    INSERT INTO survey_versions (id, workspace_id, survey_id, number, definition, content_hash,
        published_at) VALUES (1, 1, 1, 1, '{}', 'h', now());
"""
_INVITATIONS = """
    INSERT INTO invitations (id, workspace_id, customer_id, survey_id, version_id, channel, token,
        status, due_at, expires_at, status_at, created_at)
    SELECT n, 1, 1, 1, 1, 'sms', n::text, 'sent', now(), now(), now(), now()
    FROM generate_series(1, :rows / 2) n
"""
_DECISIONS = """
    INSERT INTO decisions (workspace_id, invitation_id, outcome, detail, facts, decided_at)
    SELECT 1, (n + 1) / 2, 'wait', '', '{"consent": "granted", "sent": [1, 2, 3], "hour": 12}',
        :first + (n * interval '1 month' * :months / :rows) FROM generate_series(1, :rows) n
"""
_ONE = """
    INSERT INTO decisions (workspace_id, invitation_id, outcome, detail, facts, decided_at)
    VALUES (1, :invitation, 'ask', '', '{"consent": "granted"}', :at) RETURNING id
"""


def _timed(work: Callable[[int], object], turns: int = TURNS) -> float:
    took = []
    for turn in range(turns):
        began = time.perf_counter()
        work(turn)
        took.append(time.perf_counter() - began)
    return 1000 * statistics.median(took)


def _run(engine: Engine, statement: str, **values: object) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement), values).close()


def measure(url: str, revision: str, rows: int, months: int) -> dict[str, float]:
    """Every figure of one kind of table."""
    engine, first = make_engine(url), datetime(2027, 1, 1, tzinfo=UTC)
    migrate.upgrade(engine, revision)
    last = parts.later(first, months)
    if revision != "0028":
        with Session(engine) as session:
            parts.make_ahead(session, last)
    for statement in _CUSTOMER.split(";\n"):
        _run(engine, statement) if statement.strip() else None
    _run(engine, _INVITATIONS, rows=rows)
    began = time.perf_counter()
    _run(engine, _DECISIONS, rows=rows, first=first, months=months)
    found = {"write all, s": time.perf_counter() - began}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    middle = rows // 4
    mine = "SELECT * FROM decisions WHERE invitation_id = :id ORDER BY decided_at"
    found["write one, ms"] = _timed(
        lambda turn: _run(engine, _ONE, invitation=middle + turn, at=last)
    )
    found["of one invitation, ms"] = _timed(lambda turn: _run(engine, mine, id=middle + 9 * turn))
    gone = "DELETE FROM invitations WHERE id = :id"
    found["erase an invitation, ms"] = _timed(lambda turn: _run(engine, gone, id=rows // 2 - turn))
    second = parts.later(first, 1)
    if revision == "0028":
        old = "DELETE FROM decisions WHERE decided_at < :before"
        found["a month goes, ms"] = _timed(lambda turn: _run(engine, old, before=second), 1)
    else:
        found["a month goes, ms"] = _timed(
            lambda turn: _run(engine, f"DROP TABLE decisions_{first:%Y_%m}"), 1
        )
    engine.dispose()
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default=os.environ.get("WAYMARK_TEST_POSTGRES"))
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--months", type=int, default=24)
    given = parser.parse_args()
    kinds = {}
    for name, revision in (("one table", "0028"), ("a part a month", "0029")):
        with database(Place("PostgreSQL", given.postgres)) as url:
            kinds[name] = measure(url, revision, given.rows, given.months)
    print(f"| {given.rows:,} decisions of {given.months} months | {' | '.join(kinds)} |")
    print("|---|---|---|")
    for figure in kinds["one table"]:
        print(f"| {figure} | {' | '.join(f'{one[figure]:.2f}' for one in kinds.values())} |")


if __name__ == "__main__":
    main()
