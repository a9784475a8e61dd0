from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.job import Task
from models.status import MOVES, MessageStatus, TaskStatus, move, sources
from models.workspace import Workspace

AT = datetime(2026, 11, 18, tzinfo=UTC)


@pytest.mark.parametrize("table", MOVES)
def test_every_status_of_a_table_has_its_row_in_the_transition_table(table: str) -> None:
    moves = MOVES[table]
    kind = type(next(iter(moves)))
    assert set(moves) == set(kind)


def test_a_late_sent_never_overwrites_delivered() -> None:
    assert "delivered" not in sources("messages", MessageStatus.SENT)
    assert "sending" in sources("messages", MessageStatus.DELIVERED)


def test_a_move_happens_once_and_only_along_the_table(session: Session) -> None:
    task = Task(kind="read", due_at=AT, created_at=AT)
    session.add(task)
    session.commit()
    assert move(session, Task, task.id, TaskStatus.RUNNING, claimed_by="a")
    assert not move(session, Task, task.id, TaskStatus.RUNNING, claimed_by="b")
    session.commit()
    assert session.scalar(select(Task.claimed_by)) == "a"
    assert move(session, Task, task.id, TaskStatus.DONE)
    assert not move(session, Task, task.id, TaskStatus.READY)


def test_times_come_back_aware_and_naive_ones_are_refused(session: Session) -> None:
    from datetime import timedelta, timezone

    paris = datetime(2026, 7, 1, 10, tzinfo=timezone(timedelta(hours=2)))
    session.add(Workspace(name="w", company="W", created_at=paris))
    session.commit()
    session.expire_all()
    stored = session.scalars(select(Workspace.created_at)).one()
    assert stored == paris and stored.utcoffset() == timedelta(0)
    with pytest.raises(Exception, match="without a zone"):
        session.scalars(select(Workspace).where(Workspace.created_at > datetime(2026, 1, 1)))  # noqa: DTZ001
