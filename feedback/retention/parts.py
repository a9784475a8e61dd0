"""The monthly parts of the table of decisions, on PostgreSQL: made ahead, dropped when all is old.

A decision of a month without a part lies in `decisions_rest`, so that none is ever refused; the
part that is made later takes it over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from feedback.search.words import on_postgres
from models.retention import Retention
from models.workspace import Workspace

MONTHS_AHEAD = 3
WAIT = "2s"
_PARTS = text("""
    SELECT c.relname AS name, pg_get_expr(c.relpartbound, 0) AS bound
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'decisions'::regclass ORDER BY c.relname
""")
_UPPER = re.compile(r"TO \('([^']+)'\)")

log = structlog.get_logger(__name__)


def later(moment: datetime, months: int) -> datetime:
    """The first of the month so many months later, UTC."""
    number = moment.year * 12 + moment.month - 1 + months
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)


def uppers(session: Session) -> dict[str, datetime]:
    """Each part with the time before which its decisions were taken; not that of the rest."""
    session.execute(text("SET LOCAL TimeZone = 'UTC'"))
    found = {row.name: _UPPER.search(row.bound) for row in session.execute(_PARTS)}
    return {name: _time(match[1]) for name, match in found.items() if match}


def _time(written: str) -> datetime:
    return datetime.fromisoformat(f"{written}:00" if written[-3] in "+-" else written)


def missing(session: Session, now: datetime) -> list[datetime]:
    """The first days of coming months that have no part; none on SQLite, which knows no parts."""
    if not on_postgres(session):
        return []
    month, months = max(uppers(session).values(), default=later(now, 0)), list[datetime]()
    while month <= later(now, MONTHS_AHEAD):
        months.append(month)
        month = later(month, 1)
    return months


def make_ahead(session: Session, now: datetime, wait: str = WAIT) -> int:
    """Make the parts of coming months; how many. Commits each, and waits so long for a table."""
    made = 0
    for month in missing(session, now):
        if not _done(session, _making(month), wait):
            break
        made += 1
    return made


def _making(month: datetime) -> tuple[str, ...]:
    """Fill a table of its own and hang it in, for that lets reads and writes go on meanwhile."""
    name = f"decisions_{month:%Y_%m}"
    begin, end = month.isoformat(), later(month, 1).isoformat()
    inside = f"decided_at >= '{begin}' AND decided_at < '{end}'"
    moved = f"WITH moved AS (DELETE FROM decisions_rest WHERE {inside} RETURNING *)"  # noqa: S608
    bounds = f"FOR VALUES FROM ('{begin}') TO ('{end}')"
    return (
        f"CREATE TABLE {name} (LIKE decisions INCLUDING ALL)",
        f"{moved} INSERT INTO {name} SELECT * FROM moved",  # noqa: S608
        f"ALTER TABLE decisions ATTACH PARTITION {name} {bounds}",
    )


def drop_old(session: Session, now: datetime) -> int:
    """Drop the parts that every workspace has done with; how many. Commits each."""
    if not on_postgres(session) or (before := _all_done_before(session, now)) is None:
        return 0
    old = [name for name, upper in uppers(session).items() if upper <= before]
    return sum(_done(session, (f"DROP TABLE {name}",)) for name in old)


def _all_done_before(session: Session, now: datetime) -> datetime | None:
    """Before when no workspace keeps decisions; None where one keeps all of them."""
    session.commit()
    keeping = (
        select(func.count())
        .select_from(Workspace)
        .outerjoin(Retention, Retention.workspace_id == Workspace.id)
        .where(Retention.decision_days.is_(None))
    )
    longest = session.scalar(select(func.max(Retention.decision_days)))
    if longest is None or session.scalar(keeping):
        return None
    return now - timedelta(days=longest)


def _done(session: Session, statements: Sequence[str], wait: str = WAIT) -> bool:
    """One transaction that gives way where a table is held for long: tomorrow is soon enough."""
    session.commit()
    try:
        for statement in (f"SET LOCAL lock_timeout = '{wait}'", *statements):
            session.execute(text(statement))
        session.commit()
    except OperationalError as error:
        session.rollback()
        log.warning("parts_held", statement=statements[-1], reason=type(error.orig).__name__)
        return False
    return True
