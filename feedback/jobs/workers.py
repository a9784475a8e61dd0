"""Which workers live: each leaves a sign of life every few seconds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models.job import WorkerSeen
from surveys.upsert import insert_into

ALIVE = timedelta(seconds=20)
"""Without a sign of life for so long, a worker counts as gone."""
DATABASE, BROKER = "database", "broker"


def seen(session: Session, name: str, takes_from: str, started: datetime, now: datetime) -> None:
    """A sign of life; the caller commits."""
    values = {"takes_from": takes_from, "started_at": started, "seen_at": now}
    insert = insert_into(session, WorkerSeen).values(name=name, **values)
    session.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"seen_at": now}))


def gone(session: Session, name: str) -> None:
    """A worker that stops takes its leave; the caller commits."""
    session.execute(delete(WorkerSeen).where(WorkerSeen.name == name))


def living(session: Session, now: datetime) -> Sequence[WorkerSeen]:
    """The workers that live, by name."""
    alive = WorkerSeen.seen_at > now - ALIVE
    return session.scalars(select(WorkerSeen).where(alive).order_by(WorkerSeen.name)).all()


def count_living(session: Session, now: datetime) -> int:
    """How many workers live."""
    alive = WorkerSeen.seen_at > now - ALIVE
    return session.scalar(select(func.count()).select_from(WorkerSeen).where(alive)) or 0


def sweep(session: Session, now: datetime) -> None:
    """Forget workers that are long gone; the caller commits."""
    session.execute(delete(WorkerSeen).where(WorkerSeen.seen_at < now - 100 * ALIVE))
