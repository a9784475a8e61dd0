"""Runs by the clock: once a period is over, and weekly where something was read since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from topic_rows import LATE, Encoder, say

from feedback.jobs import due, tasks
from feedback.topics import plan, runs
from feedback.topics.compute import compute_waiting
from models.reading import Comment
from models.topic import TopicRun
from models.workspace import Workspace

AT = datetime(2026, 9, 3, tzinfo=UTC)


@pytest.fixture
def history(session: Session, workspace: Workspace) -> Workspace:
    """Sixty comments in the last whole quarter."""
    say(session, workspace, AT, LATE, 60, theme="delivery_speed")
    return workspace


def _runs(session: Session) -> int:
    return session.scalar(select(func.count(TopicRun.id))) or 0


def test_the_last_whole_period_gets_a_run_once(
    session: Session, history: Workspace, now: datetime
) -> None:
    assert plan.plan(session, now) == 1 and plan.plan(session, now) == 0
    run = session.scalars(select(TopicRun)).one()
    assert (run.origin, run.status) == ("clock", "queued")
    assert (run.starts_at, run.ends_at) == (
        datetime(2026, 7, 1, tzinfo=UTC),
        datetime(2026, 10, 1, tzinfo=UTC),
    )


def test_it_gets_another_after_a_week_only_if_something_was_read_since(
    session: Session, history: Workspace, now: datetime
) -> None:
    plan.plan(session, now)
    compute_waiting(session, Encoder, lambda: now)
    later = now + plan.AGAIN_AFTER + timedelta(hours=1)
    assert plan.plan(session, later) == 0
    session.execute(update(Comment).values(read_at=now + timedelta(days=1)))
    session.commit()
    assert plan.plan(session, now + timedelta(days=2)) == 0, "not before a week has passed"
    assert plan.plan(session, later) == 1


def test_nothing_is_planned_while_comments_wait_or_for_what_is_long_past(
    session: Session, history: Workspace, now: datetime
) -> None:
    assert plan.plan(session, now + plan.LIVING) == 0
    waiting = say(session, history, AT, LATE, 1, waiting=True)
    assert plan.plan(session, now) == 0
    session.delete(waiting[0])
    session.commit()
    assert plan.plan(session, now) == 1


def test_few_comments_are_left_alone(session: Session, workspace: Workspace, now: datetime) -> None:
    say(session, workspace, AT, LATE, 20)
    assert plan.plan(session, now) == 0 and _runs(session) == 0


def test_the_clock_looks_about_hourly_and_not_before_anything_was_read(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    assert due.plan_topics(session, now) is None
    say(session, workspace, AT, LATE, 1)
    assert due.plan_topics(session, now) == now
    tasks.hand_out(session, due.PLAN_TOPICS, now, now)
    task = tasks.claim(session, (due.PLAN_TOPICS,), "w", now)
    assert task is not None
    tasks.settle(session, task, "w", 0, now)
    assert due.plan_topics(session, now + timedelta(minutes=49)) is None
    assert due.plan_topics(session, now + timedelta(minutes=51)) is not None


def test_a_run_waits_until_a_worker_takes_it(
    session: Session, history: Workspace, now: datetime
) -> None:
    assert due.topics(session, now) is None
    plan.plan(session, now)
    assert due.topics(session, now) == now
    assert runs.claim(session, now) is not None
    assert due.topics(session, now) is None
