"""Runs of emerging topics: asked for, claimed by one worker at a time, settled."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, func, or_, select, update
from sqlalchemy.orm import Session

from feedback.topics.periods import Span
from models.errors import Conflict
from models.topic import TopicRun
from models.topic_status import TopicRunStatus
from surveys.upsert import insert_into

CLAIM = timedelta(minutes=3)
"""How long a worker may be silent before another begins the run anew."""
MOST_ATTEMPTS = 3
GAVE_UP = "the worker stopped in the middle of it each of the three times it was tried"

QUEUED, RUNNING = TopicRunStatus.QUEUED.value, TopicRunStatus.RUNNING.value
UNFINISHED = (QUEUED, RUNNING)


class ClaimLost(Exception):
    """Somebody else has begun the run anew: what was computed here must not be written."""


def ask(
    session: Session,
    workspace_id: int,
    span: Span,
    now: datetime,
    *,
    origin: str,
    user_id: int | None = None,
) -> TopicRun:
    """A run of this period: the unfinished one, or a new one that a worker takes; commits."""
    values: dict[str, Any] = {
        "workspace_id": workspace_id,
        "user_id": user_id,
        "origin": origin,
        "status": QUEUED,
        "before_at": span.before,
        "starts_at": span.start,
        "ends_at": span.end,
        "settings": {},
        "created_at": now,
        **dict.fromkeys(_COUNTS, 0),
    }
    session.execute(insert_into(session, TopicRun).values(**values).on_conflict_do_nothing())
    session.commit()
    found = latest(session, workspace_id, span)
    assert found is not None
    return found


_COUNTS = (
    *("comments", "uncovered", "comments_before", "uncovered_before", "unread"),
    *("drawn", "drawn_before", "done_rows", "total_rows", "attempts"),
)


def latest(
    session: Session, workspace_id: int, span: Span | None, *, done: bool = False
) -> TopicRun | None:
    """The newest run of a period, or of all; with `done`, the newest that has an answer."""
    query = select(TopicRun).where(TopicRun.workspace_id == workspace_id)
    if span is not None:
        query = query.where(TopicRun.starts_at == span.start, TopicRun.ends_at == span.end)
    if done:
        query = query.where(TopicRun.status == TopicRunStatus.DONE.value)
    newest = query.order_by(TopicRun.id.desc()).limit(1)
    return session.scalars(newest.execution_options(populate_existing=True)).first()


def _free(now: datetime) -> ColumnElement[bool]:
    """Runs that wait, and those whose worker fell silent."""
    lapsed = (TopicRun.status == RUNNING) & (TopicRun.claimed_until < now)
    return or_(TopicRun.status == QUEUED, lapsed)


def owed(session: Session, now: datetime) -> datetime | None:
    """Since when a run waits for a worker."""
    return session.scalar(select(func.min(TopicRun.created_at)).where(_free(now)))


def claim(session: Session, now: datetime, run_id: int | None = None) -> TopicRun | None:
    """Take the run that waits longest, or a certain one, by one guarded UPDATE; commits.

    A run that was given up too often has failed, and the next is taken.
    """
    while True:
        waiting = select(TopicRun.id).where(_free(now)).order_by(TopicRun.created_at, TopicRun.id)
        if run_id is not None:
            waiting = waiting.where(TopicRun.id == run_id)
        found = session.scalar(waiting.limit(1))
        if found is None:
            session.commit()
            return None
        values = {
            "status": RUNNING,
            "claimed_until": now + CLAIM,
            "started_at": now,
            "attempts": TopicRun.attempts + 1,
            "done_rows": 0,
        }
        taken = _write(session, (TopicRun.id == found) & _free(now), values)
        session.commit()
        run = session.get(TopicRun, found, populate_existing=True)
        if run is None or not taken:
            continue
        if run.attempts <= MOST_ATTEMPTS:
            return run
        fail(session, run, GAVE_UP, now)


def keep(session: Session, run: TopicRun, now: datetime, **values: Any) -> None:
    """Say that we are still at it, and how far; commits. ClaimLost where it is no longer ours."""
    values["claimed_until"] = now + CLAIM
    if not _write(session, _ours(run), values):
        session.rollback()
        raise ClaimLost
    session.commit()


def finish(session: Session, run: TopicRun, now: datetime, **values: Any) -> None:
    """The run has its answer, which is in this transaction; commits, or ClaimLost."""
    ended = {"status": TopicRunStatus.DONE.value, "finished_at": now, "claimed_until": None}
    if not _write(session, _ours(run), {**values, **ended}):
        session.rollback()
        raise ClaimLost
    session.commit()
    session.refresh(run)


def fail(session: Session, run: TopicRun, reason: str, now: datetime) -> None:
    """The run has failed for good, and keeps the reason; commits."""
    ended = {"status": TopicRunStatus.FAILED.value, "finished_at": now, "claimed_until": None}
    _write(session, _ours(run), {**ended, "error": reason[:2000]})
    session.commit()
    session.refresh(run)


def check_free(run: TopicRun, now: datetime) -> None:
    """Refuse to wait for a run that a worker is at."""
    if run.status == RUNNING and run.claimed_until is not None and run.claimed_until >= now:
        mend = "Ask again when it is done; nothing is lost."
        raise Conflict("a worker is computing this period at the moment", mend=mend)


def _ours(run: TopicRun) -> ColumnElement[bool]:
    mine = (TopicRun.id == run.id) & (TopicRun.attempts == run.attempts)
    return mine & (TopicRun.status == RUNNING)


def _write(session: Session, which: ColumnElement[bool], values: dict[str, Any]) -> bool:
    write = update(TopicRun).where(which).values(**values)
    result = session.execute(write.execution_options(synchronize_session=False))
    return isinstance(result, CursorResult) and result.rowcount == 1
