"""Runs that nobody has to ask for: the clock looks about hourly which period should have one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.topics import runs
from feedback.topics.choices import Choice, choices, first_choice
from models.job import Task
from models.reading import Comment
from models.topic import TopicRun
from models.workspace import Workspace

LOOK_EVERY = timedelta(minutes=50)
"""Less than an hour: finished tasks, which say when the last look was, are kept that long."""
AGAIN_AFTER = timedelta(days=7)
LIVING = timedelta(days=100)
"""A period that ended longer ago is history: it gets a run when somebody asks."""


def look_due(session: Session, kind: str, now: datetime) -> datetime | None:
    """Now, where the last look (a task of this kind) is long ago and something was ever read."""
    looked_at = session.scalar(select(func.max(Task.finished_at)).where(Task.kind == kind))
    if looked_at is not None and looked_at > now - LOOK_EVERY:
        return None
    read = select(Comment.id).where(Comment.read_state == "read").limit(1)
    return now if session.scalar(read) is not None else None


def plan(session: Session, now: datetime) -> int:
    """Ask for a run of each workspace's last whole month or quarter that has comments enough.

    It gets one once it is over and all of it is read, and another after a week at the earliest,
    where comments were read since. How many were asked for; called again, none.
    """
    asked = 0
    for workspace in session.scalars(select(Workspace).order_by(Workspace.id)).all():
        chosen = first_choice(choices(session, workspace, now))
        if chosen is not None and _wanted(session, workspace.id, chosen, now):
            runs.ask(session, workspace.id, chosen.span, now, origin="clock")
            asked += 1
    return asked


def _wanted(session: Session, workspace_id: int, chosen: Choice, now: datetime) -> bool:
    within = select(Comment.id).where(
        Comment.workspace_id == workspace_id,
        Comment.occurred_at >= chosen.span.before,
        Comment.occurred_at < chosen.span.end,
    )
    waiting = session.scalar(within.where(Comment.read_state == "waiting").limit(1))
    if chosen.span.end <= now - LIVING or waiting is not None:
        return False
    last = runs.latest(session, workspace_id, chosen.span)
    if last is None:
        return True
    if last.status in runs.UNFINISHED or last.created_at > now - AGAIN_AFTER:
        return False
    return session.scalar(within.where(Comment.read_at > _began(last)).limit(1)) is not None


def _began(run: TopicRun) -> datetime:
    return run.started_at or run.created_at
