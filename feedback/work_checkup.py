"""How the work stands, as the doctor tells it: the same as the operations page."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.finding import Finding
from feedback.jobs.database_time import SKEWED
from feedback.jobs.lease import moment
from feedback.operations import LATE, KindState, State, state_of
from feedback.settings import Settings
from models.job import Task
from models.workspace import Workspace
from surveys import pauses
from surveys.pauses import EVERY


def work(session: Session, settings: Settings, now: datetime) -> Iterator[Finding]:
    """Is a clock active, do workers live, and what is late, stuck, failing or at rest."""
    skew = _skew(session, now)
    if abs(skew) > SKEWED:
        words = f"is {skew.total_seconds():+.0f} s off the database's; let NTP set it"
        yield Finding("this machine's time", False, words)
    state = state_of(session, now - skew, ())
    words = f"active on {state.clock}" if state.clock else "none is active: start `waymark clock`"
    yield Finding("clock", state.clock is not None, words)
    many = len(state.workers)
    words = f"{many} at work" if many else "none gives a sign of life: start `waymark worker`"
    yield Finding("workers", many > 0, words)
    if settings.broker_url:
        yield _broker(settings.broker_url)
    yield from _rests(session)
    troubles = [finding for kind in state.kinds for finding in _troubles(kind, state)]
    yield from troubles or [Finding("work", True, "nothing is late, stuck or failing")]


def _skew(session: Session, now: datetime) -> timedelta:
    """How far this machine is ahead of PostgreSQL's; SQLite has no time of its own."""
    if session.get_bind().dialect.name != "postgresql":
        return timedelta(0)
    asked = session.scalar(select(moment("postgresql")))
    return now - asked if isinstance(asked, datetime) else timedelta(0)


def _broker(url: str) -> Finding:
    broker = importlib.import_module("feedback.jobs.broker").Broker(url)
    reason = broker.unreachable()
    words = f"does not answer ({reason}); workers look for work by themselves every few seconds"
    return Finding("broker", reason is None, words if reason else "answers")


def _rests(session: Session) -> Iterator[Finding]:
    rows = session.execute(select(Workspace.id, Workspace.name))
    names = {row.id: row.name for row in rows}
    for one in pauses.all_of(session):
        name = names.get(one.workspace_id) if one.workspace_id else None
        kind = "--all" if one.kind == EVERY else one.kind
        what = "all work" if one.kind == EVERY else f"`{one.kind}`"
        since = f"{one.paused_at:%Y-%m-%d %H:%M} UTC"
        where, option = (f" of {name}", f" --workspace {name}") if name else ("", "")
        words = f"{what}{where} rests since {since}; `waymark jobs resume {kind}{option}` ends it"
        yield Finding("pause", True, words)


def _troubles(kind: KindState, state: State) -> Iterator[Finding]:
    for task in kind.stuck:
        yield Finding("stuck", False, _stuck(task))
    for task in kind.failing:
        words = f"`{kind.kind}` failed {task.attempts} times; its last error: {task.error}"
        yield Finding("failing", False, words)
    if kind.late(state.at) and not kind.failing and not kind.stuck:
        mend = "" if kind.running else "; is a worker running?"
        minutes = f"{LATE.total_seconds() / 60:.0f} minutes"
        since = kind.since
        words = f"`{kind.kind}` is due since {since:%H:%M} UTC, more than {minutes} ago{mend}"
        yield Finding("late", False, words)


def _stuck(task: Task) -> str:
    since = f"{task.started_at:%Y-%m-%d %H:%M} UTC" if task.started_at else "unknown"
    mend = f"end that process, or `waymark jobs retry {task.kind}`"
    return f"`{task.kind}` runs since {since} on {task.claimed_by}: {mend}"
