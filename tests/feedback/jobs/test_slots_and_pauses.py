"""Several workers at one kind of work, and work that rests."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from asking_world import FakeGateway, World
from click.testing import CliRunner
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from feedback.commands import jobs as command
from feedback.jobs import mending, tasks, totals, workers
from feedback.jobs.bench import Bench
from feedback.jobs.clock import owed_now
from feedback.jobs.stuck import expected, stuck
from feedback.jobs.tasks import Owed, free_slots
from feedback.jobs.work import JOBS, Job
from feedback.jobs.worker import Worker
from models.errors import InvalidInput
from models.job import Task
from models.message import Message
from models.workspace import Workspace
from surveys import pauses
from surveys.services import Services


@pytest.mark.parametrize(
    ("taken", "most", "wanted"),
    [
        ({}, 4, [0]),
        ({0: "ready"}, 4, []),
        ({0: "running"}, 4, [1]),
        ({0: "running", 1: "running"}, 8, [2, 3]),
        ({0: "running", 2: "running"}, 3, [1]),
        ({0: "running", 1: "ready"}, 4, []),
        ({0: "running"}, 1, []),
    ],
)
def test_a_kind_gets_as_many_tasks_as_workers_take_and_one_row_wakes_one(
    taken: dict[int, str], most: int, wanted: list[int]
) -> None:
    assert free_slots(taken, most) == wanted


def test_there_are_as_many_slots_as_living_workers_on_postgresql_and_one_on_sqlite(
    engine: Engine, session: Session, workspace: Workspace, now: datetime
) -> None:
    add_messages(session, workspace, 1, now)
    for name in ("a", "b", "c"):
        workers.seen(session, name, workers.DATABASE, now, now)
    workers.seen(session, "dead", workers.DATABASE, now, now - 2 * workers.ALIVE)
    session.commit()
    most = {one.kind: one.most for one in owed_now(session, now)}
    assert most["send"] == (3 if engine.dialect.name == "postgresql" else 1)
    assert most["count"] == 1


def add_messages(session: Session, workspace: Workspace, many: int, now: datetime) -> None:
    about = {"workspace_id": workspace.id, "direction": "out", "kind": "question"}
    session.add_all(
        Message(
            **about,
            sender="+447700900000",
            address=f"+44770090{number:04d}",
            body="How did it go?",
            status="pending",
            provider="fake",
            created_at=now,
            status_at=now,
        )
        for number in range(many)
    )
    session.commit()


MakeWorker = Callable[..., Worker]


@pytest.fixture
def make_worker(engine: Engine, now: datetime) -> MakeWorker:
    """A worker whose provider is in memory."""

    def make(gateway: FakeGateway, name: str = "w", **jobs: Job) -> Worker:
        services = Services(lambda: now, gateway, "https://ask.example.com")
        return Worker(Bench(engine, services), name, jobs={**JOBS, **jobs})

    return make


def test_two_workers_send_all_and_nothing_twice(
    session: Session, workspace: Workspace, make_worker: MakeWorker, now: datetime
) -> None:
    add_messages(session, workspace, 60, now)
    tasks.hand_out_all(session, [Owed("send", now)], now)
    session.commit()
    gateway = FakeGateway()
    pair = [make_worker(gateway, name) for name in ("a", "b")]
    hands = [threading.Thread(target=worker.turn, args=("sending",)) for worker in pair]
    for hand in hands:
        hand.start()
    tasks.hand_out_all(session, [Owed("send", now, 2)], now)
    session.commit()
    for hand in hands:
        hand.join()
    for worker in pair:
        worker.turn("sending")
    addresses = [outgoing.address for outgoing in gateway.phone]
    assert len(addresses) == 60 == len(set(addresses))


def test_a_lane_that_is_busy_turns_a_second_waker_away(
    session: Session, make_worker: MakeWorker, now: datetime
) -> None:
    seen: list[int] = []

    def job(bench: Bench) -> int:
        seen.append(worker.turn("sending"))
        return 0

    worker = make_worker(FakeGateway(), send=job)
    tasks.hand_out(session, "send", now, now)
    session.commit()
    assert worker.turn("sending") == 1 and seen == [0]


def test_what_was_done_and_what_failed_is_counted_with_its_task(
    session: Session, make_worker: MakeWorker, now: datetime
) -> None:
    rows = iter([3, 2, 0])

    def broken(bench: Bench) -> int:
        raise RuntimeError("no")

    for kind in ("send", "read"):
        tasks.hand_out(session, kind, now - timedelta(seconds=4), now)
    session.commit()
    worker = make_worker(FakeGateway(), send=lambda bench: next(rows), read=broken)
    worker.turn("sending")
    worker.turn("reading")
    done = {one.kind: (one.tasks, one.rows, one.failures) for one in totals.totals(session)}
    assert done == {"send": (1, 5, 0), "read": (1, 0, 1)}
    assert dict(totals.lateness(session)["send"])[5.0] == 1
    failed = session.scalars(select(Task).where(Task.kind == "read")).one()
    assert failed.error == "RuntimeError: no" and failed.due_at > now


def test_a_worker_that_lost_its_task_does_not_end_it(session: Session, now: datetime) -> None:
    tasks.hand_out(session, "send", now, now)
    session.commit()
    first = tasks.claim(session, ("send",), "paused", now)
    later = now + 2 * tasks.CLAIM
    second = tasks.claim(session, ("send",), "living", later)
    assert first is not None and second is not None
    assert not tasks.settle(session, first, "paused", 9, later)
    assert not tasks.retry(session, first, "paused", "it failed there", later)
    assert tasks.settle(session, second, "living", 1, later)


def test_a_kind_at_rest_is_neither_handed_out_nor_taken(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    add_messages(session, workspace, 1, now)
    tasks.hand_out(session, "send", now, now)
    pauses.pause(session, "send", None, now)
    pauses.pause(session, "send", None, now)
    session.commit()
    assert "send" not in {one.kind for one in owed_now(session, now)}
    assert tasks.claim(session, ("send",), "w", now) is None
    pauses.pause(session, pauses.EVERY, None, now)
    session.commit()
    assert owed_now(session, now) == [] and tasks.waiting(session, now) == {}
    for kind in ("send", pauses.EVERY):
        assert pauses.resume(session, kind, None)
    session.commit()
    assert pauses.all_of(session) == []
    assert tasks.claim(session, ("send",), "w", now) is not None


def test_messages_of_a_workspace_at_rest_wait(world: World) -> None:
    add_messages(world.session, world.workspace, 3, world.now)
    pauses.pause(world.session, "send", world.workspace.id, world.now)
    world.session.commit()
    assert world.send() == 0 and world.gateway.phone == []
    assert "send" not in {one.kind for one in owed_now(world.session, world.now)}
    pauses.resume(world.session, "send", world.workspace.id)
    world.session.commit()
    assert world.send() == 3


@pytest.fixture
def world(session: Session, workspace: Workspace, now: datetime) -> World:
    """A shop with a provider in memory."""
    return World(session, workspace)


def test_a_stuck_task_is_known_by_its_kinds_own_measure_and_given_away(
    session: Session, now: datetime
) -> None:
    for kind in ("send", "topics"):
        tasks.hand_out(session, kind, now, now)
    session.commit()
    for kind in ("send", "topics"):
        tasks.claim(session, (kind,), "w", now)
    later = now + expected("send") + timedelta(seconds=1)
    tasks.keep(session, "w", later)
    session.commit()
    assert [task.kind for task in stuck(session, later)] == ["send"]
    assert mending.retry(session, "send", later) == 1
    session.commit()
    again = tasks.claim(session, ("send", "topics"), "other", later)
    assert again is not None and again.kind == "send"
    assert session.scalar(select(func.count(Task.id))) == 2


@pytest.mark.parametrize("arguments", [["pause"], ["pause", "send", "--all"], ["pause", "nap"]])
def test_the_command_says_what_it_wants_to_know(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    done = CliRunner().invoke(command.command, arguments)
    assert isinstance(done.exception, InvalidInput)


def test_the_command_pauses_resumes_and_tells(
    sqlite_url: str, sqlite_session: Session, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    sqlite_session.add(Workspace(name="shop", company="Shop", created_at=now))
    sqlite_session.commit()

    def said(*arguments: str) -> str:
        done = CliRunner().invoke(command.command, arguments, catch_exceptions=False)
        assert done.exit_code == 0
        return done.output

    assert said("pause", "fire", "--workspace", "shop") == "fire of shop rests\n"
    assert said("pause", "count") == "count rests\n"
    listed = said("list")
    assert (
        "count: " in listed and "; rests" in listed and "shop: nothing waits; rests: fire" in listed
    )
    assert said("resume", "fire", "--workspace", "shop") == "fire of shop goes on\n"
    assert said("resume", "count") == "count goes on\n"
    assert said("resume", "--all") == "all work did not rest\n"
    with pytest.raises(InvalidInput):
        CliRunner().invoke(
            command.command, ["pause", "count", "--workspace", "shop"], catch_exceptions=False
        )
    assert said("retry", "send") == "send: 0 to be tried again\n"
