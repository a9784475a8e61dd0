from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from feedback.jobs import due, tasks
from feedback.jobs.clock import Clock
from feedback.jobs.lease import ClockLease
from models.job import Task
from models.message import Message
from models.status import TaskStatus
from models.workspace import Workspace

KINDS = tuple(due.KINDS)


def test_a_kind_is_handed_out_once_until_it_is_done(session: Session, now: datetime) -> None:
    assert tasks.hand_out(session, "send", now, now)
    assert not tasks.hand_out(session, "send", now, now)
    assert tasks.hand_out(session, "read", now, now)
    task = tasks.claim(session, ("send",), "w", now)
    assert task is not None
    assert not tasks.hand_out(session, "send", now, now)
    assert tasks.settle(session, task, "w", 3, now)
    assert tasks.hand_out(session, "send", now, now)


def test_a_task_is_claimed_by_one_worker(session: Session, now: datetime) -> None:
    tasks.hand_out(session, "send", now, now)
    session.commit()
    assert tasks.claim(session, KINDS, "a", now) is not None
    assert tasks.claim(session, KINDS, "b", now) is None


def test_a_dead_workers_task_is_taken_over_when_its_claim_ran_out(
    session: Session, now: datetime
) -> None:
    tasks.hand_out(session, "send", now, now)
    session.commit()
    first = tasks.claim(session, KINDS, "dead", now)
    later = now + tasks.CLAIM + timedelta(seconds=1)
    second = tasks.claim(session, KINDS, "living", later)
    assert first is not None and second is not None and first.id == second.id
    assert session.scalar(select(Task.claimed_by)) == "living"


def test_a_worker_that_gives_signs_of_life_keeps_its_tasks(session: Session, now: datetime) -> None:
    for kind in ("send", "read"):
        tasks.hand_out(session, kind, now, now)
    session.commit()
    tasks.claim(session, ("send",), "living", now)
    tasks.claim(session, ("read",), "dead", now)
    half = tasks.CLAIM / 2
    for step in range(1, 5):
        tasks.keep(session, "living", now + step * half)
    other = tasks.claim(session, KINDS, "other", now + 5 * half)
    assert other is not None and other.kind == "read"
    assert tasks.claim(session, KINDS, "other", now + 5 * half) is None


def test_a_failed_task_waits_longer_each_time_and_keeps_its_error(
    session: Session, now: datetime
) -> None:
    tasks.hand_out(session, "send", now, now)
    session.commit()
    waits = []
    at = now
    for _ in range(3):
        task = tasks.claim(session, KINDS, "w", at)
        assert task is not None
        session.refresh(task)
        assert tasks.retry(session, task, "w", "the provider is down", at)
        session.commit()
        session.refresh(task)
        waits.append(task.due_at - at)
        assert tasks.claim(session, KINDS, "w", at) is None
        at = task.due_at
    assert waits == sorted(waits) and waits[0] < waits[-1]
    assert session.scalar(select(Task.error)) == "the provider is down"


def test_done_tasks_are_forgotten_after_a_while(session: Session, now: datetime) -> None:
    tasks.hand_out(session, "send", now, now)
    session.commit()
    task = tasks.claim(session, KINDS, "w", now)
    assert task is not None
    assert tasks.settle(session, task, "w", 1, now)
    tasks.sweep(session, now + tasks.KEEP_DONE / 2)
    assert session.scalar(select(func.count(Task.id))) == 1
    tasks.sweep(session, now + tasks.KEEP_DONE + timedelta(seconds=1))
    assert session.scalar(select(func.count(Task.id))) == 0


def _pending_message(session: Session, workspace: Workspace, now: datetime) -> None:
    session.add(
        Message(
            workspace_id=workspace.id,
            direction="out",
            kind="question",
            sender="+447700900000",
            address="+447700900001",
            body="How did it go?",
            status="pending",
            provider="simulator",
            created_at=now - timedelta(seconds=30),
            status_at=now,
        )
    )
    session.commit()


def test_the_active_clock_hands_out_what_is_due_and_the_waiting_one_nothing(
    engine: Engine, session: Session, workspace: Workspace, now: datetime
) -> None:
    _pending_message(session, workspace, now)
    active = Clock(engine, lambda: now, ClockLease("a"))
    waiting = Clock(engine, lambda: now, ClockLease("b"))
    assert active.tick() == 2, "the message, and a new workspace's statistics"
    assert waiting.tick() == 0 and not waiting.active
    assert active.tick() == 0, "it was handed out already"
    task = session.scalars(select(Task).where(Task.kind == "send")).one()
    assert task.status == TaskStatus.READY.value
    assert task.due_at == now - timedelta(seconds=30), "lateness counts from when it was due"
    active.stop()
    assert waiting.tick() == 0 and waiting.active
    waiting.stop()
