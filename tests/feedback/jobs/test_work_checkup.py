"""The doctor tells of the work what the operations page shows."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from feedback.jobs import tasks, workers
from feedback.jobs.clock import Clock
from feedback.settings import Settings
from feedback.work_checkup import work
from models.job import Task
from models.message import Message
from models.workspace import Workspace
from surveys import pauses

SETTINGS = Settings(secret_key="s" * 40)


def found(session: Session, now: datetime, settings: Settings = SETTINGS) -> dict[str, str]:
    """What is wrong, by its subject; pauses too, which are as somebody wanted them."""
    findings = list(work(session, settings, now))
    return {one.subject: one.words for one in findings if not one.fine or one.subject == "pause"}


def test_without_clock_and_worker_it_says_how_to_start_them(session: Session) -> None:
    told = found(session, datetime.now(UTC))
    assert "`waymark clock`" in told["clock"] and "`waymark worker`" in told["workers"]


def test_what_is_stuck_failing_late_and_paused_is_named(
    engine: Engine, session: Session, workspace: Workspace
) -> None:
    now = datetime.now(UTC)
    clock = Clock(engine, lambda: now)
    clock.tick()
    workers.seen(session, "box:1:ab", workers.DATABASE, now, now)
    session.commit()
    assert found(session, now) == {}
    for kind in ("read", "tell"):
        tasks.hand_out(session, kind, now, now)
    session.commit()
    tasks.claim(session, ("read",), "box:1:ab", now)
    session.execute(
        update(Task).where(Task.kind == "read").values(started_at=now - timedelta(hours=1))
    )
    session.execute(update(Task).where(Task.kind == "tell").values(error="refused", attempts=4))
    add_late_message(session, workspace, now - timedelta(minutes=7))
    pauses.pause(session, "fire", workspace.id, now)
    session.commit()
    told = found(session, now)
    assert set(told) == {"stuck", "failing", "late", "pause"}
    assert "box:1:ab" in told["stuck"] and "`waymark jobs retry read`" in told["stuck"]
    assert told["failing"] == "`tell` failed 4 times; its last error: refused"
    assert told["late"].startswith("`send` is due since") and "worker running?" in told["late"]
    assert "`waymark jobs resume fire --workspace shop`" in told["pause"]
    clock.stop()


def add_late_message(session: Session, workspace: Workspace, since: datetime) -> None:
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
            created_at=since,
            status_at=since,
        )
    )


def test_a_broker_that_is_away_is_said_with_what_happens_meanwhile(
    sqlite_session: Session,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings = SETTINGS.model_copy(update={"broker_url": f"redis://127.0.0.1:{port}/0"})
    told = found(sqlite_session, datetime.now(UTC), settings)
    assert "workers look for work by themselves" in told["broker"]


def test_a_machine_whose_clock_is_wrong_is_named_and_judges_by_the_databases(
    engine: Engine, session: Session
) -> None:
    told = found(session, datetime.now(UTC) + timedelta(minutes=30))
    wrong = "this machine's time" in told
    assert wrong == (engine.dialect.name == "postgresql")
    assert not wrong or "+1800 s off" in told["this machine's time"]
