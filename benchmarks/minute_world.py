"""A workspace whose invitations fall due in the same minute, and how many of them have left."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from benchmarks.sending import shop
from models import migrate
from models.message import Message

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
    until(lambda: gone(engine) >= 0, 120)
    if gone(engine):
        raise SystemExit("some fell due before the workers were warm: the machine is too busy")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def gone(engine: Engine) -> int:
    """How many have left, those asked first not counted."""
    with Session(engine) as session:
        left = session.scalar(select(func.count()).where(Message.provider_id.is_not(None)))
        return (left or 0) - BEFORE


def until(done: Callable[[], bool], seconds: float) -> None:
    """Wait for something, so many seconds at most."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return
        time.sleep(0.2)
    raise SystemExit("the workers did not start")
