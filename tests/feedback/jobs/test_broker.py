"""Messages go through a real Redis and a real RabbitMQ; without one its half is skipped, loudly."""

from __future__ import annotations

import queue
import secrets
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import pytest
from celery.worker import state
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from benchmarks.ports import free_port
from feedback.jobs import tasks
from feedback.jobs.announcer import Announcer, BrokerFailed, CeleryBell
from feedback.jobs.broker import LANE_OF, Broker
from surveys.pauses import pause

URLS = {"redis": "redis://127.0.0.1:6379/0", "rabbitmq": "amqp://guest:guest@127.0.0.1:5672//"}
PORTS = {"redis": 6379, "rabbitmq": 5672}
PATIENCE = 20.0
pytestmark = pytest.mark.filterwarnings("ignore:.*superuser privileges:Warning")


@pytest.fixture(params=URLS)
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    """Queues of our own at each broker, taken away at the end."""
    try:
        socket.create_connection(("127.0.0.1", PORTS[request.param]), 1).close()
    except OSError:
        pytest.skip(f"no {request.param} at its local port")
    made = Broker(URLS[request.param], f"waymark_test_{secrets.token_hex(4)}")
    yield made
    with made.app(asking=True).connection_for_write() as connection:
        for lane in set(LANE_OF.values()):
            made.queue(lane).bind(connection.default_channel).delete()
        made.queue("asking").exchange.bind(connection.default_channel).delete()


@contextmanager
def celery(broker: Broker, turns: queue.Queue[str]) -> Iterator[None]:
    """A Celery worker in a thread, which notes the lanes it is woken for."""

    def turn(lane: str) -> int:
        turns.put(lane)
        return 1

    worker = broker.worker(turn)
    thread = threading.Thread(target=worker.start, daemon=True)
    thread.start()
    yield
    state.should_stop = 0  # what a signal does, which comes to main threads alone
    thread.join(PATIENCE)
    state.should_stop = None
    assert not thread.is_alive()


def test_a_ring_wakes_the_lane_of_its_kind(broker: Broker) -> None:
    turns: queue.Queue[str] = queue.Queue()
    bell = CeleryBell(broker)
    with celery(broker, turns):
        assert bell.ring({"listen": 1, "send": 1}) == 2
        assert {turns.get(timeout=PATIENCE) for _ in range(2)} == {"asking", "sending"}
        bell.ring({"read": 1})
        assert turns.get(timeout=PATIENCE) == "reading"
    bell.drop()


def test_no_more_messages_wait_than_tasks_though_no_worker_comes(broker: Broker) -> None:
    bell = CeleryBell(broker)
    assert bell.ring({"send": 2}) == 2
    assert bell.ring({"send": 2}) == 0
    assert bell.ring({"send": 3}) == 1
    bell.drop()


@contextmanager
def redis_at(port: int) -> Iterator[None]:
    """A Redis of our own, which may be stopped."""
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        said = process.stdout or ()
        assert any("Ready to accept connections" in line for line in said)
        yield
    finally:
        process.kill()
        process.wait()


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="no redis-server to start")
def test_a_broker_that_was_away_is_used_again_by_itself() -> None:
    port = free_port()
    broker, turns = Broker(f"redis://127.0.0.1:{port}/0"), queue.Queue[str]()
    bell = CeleryBell(broker)
    with redis_at(port):
        assert bell.ring({"send": 1}) == 1
    with pytest.raises(BrokerFailed):
        bell.ring({"send": 1})
    bell.drop()
    with redis_at(port):
        assert bell.ring({"send": 1}) == 1, "what the broker forgot is said again"
        with celery(broker, turns):
            assert turns.get(timeout=PATIENCE) == "sending"
    bell.drop()


class Bell:
    """A bell that notes what it is rung for, or fails."""

    def __init__(self) -> None:
        self.rung: list[Mapping[str, int]] = []
        self.broken = False

    def ring(self, waiting: Mapping[str, int]) -> int:
        if self.broken:
            raise BrokerFailed("away")
        self.rung.append(waiting)
        return sum(waiting.values())

    def drop(self) -> None:
        """Nothing to forget."""


def test_the_announcer_rings_for_every_task_that_may_be_taken_until_it_is(
    engine: Engine, session: Session, now: datetime
) -> None:
    bell, active = Bell(), [False]
    announcer = Announcer(engine, lambda: now, lambda: active[0], bell)
    for kind in ("send", "read"):
        tasks.hand_out(session, kind, now, now)
    session.commit()
    assert announcer.look() and bell.rung == [], "another clock is active"
    active[0] = True
    announcer.look()
    announcer.look()
    assert bell.rung == [{"send": 1, "read": 1}] * 2, "a lost message costs one look"
    tasks.claim(session, ("send",), "w", now)
    announcer.look()
    assert bell.rung[-1] == {"read": 1}
    pause(session, "read", None, now)
    session.commit()
    announcer.look()
    assert bell.rung[-1] == {}


def test_a_task_of_a_dead_worker_is_rung_for_again(
    engine: Engine, session: Session, now: datetime
) -> None:
    bell, time_ = Bell(), [now]
    announcer = Announcer(engine, lambda: time_[0], lambda: True, bell)
    tasks.hand_out(session, "send", now, now)
    session.commit()
    tasks.claim(session, ("send",), "dead", now)
    announcer.look()
    assert bell.rung[-1] == {}
    time_[0] = now + 2 * tasks.CLAIM
    announcer.look()
    assert bell.rung[-1] == {"send": 1}


def test_a_broker_that_is_away_is_said_once_and_holds_nothing_up(
    engine: Engine, session: Session, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    bell = Bell()
    announcer = Announcer(engine, lambda: now, lambda: True, bell)
    tasks.hand_out(session, "send", now, now)
    session.commit()
    bell.broken = True
    assert not announcer.look() and not announcer.reachable
    assert not announcer.look()
    assert tasks.claim(session, ("send",), "w", now) is not None, "a worker that looks finds it"
    bell.broken = False
    tasks.hand_out(session, "read", now, now)
    session.commit()
    assert announcer.look() and announcer.reachable
