"""What must hold when processes die, and when two of them do the same thing at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from asking_world import PHONE, SENDER, FakeGateway, MakeWorkspace, World, asked_world
from dying import Killed, dies_at
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.invitation import Decision, Invitation
from models.response import Response
from models.workspace import Workspace
from surveys.channels.gateway import Outgoing, RetryLater, Unknown
from surveys.claims import LEASE
from surveys.delivery import fire_due, send_pending
from surveys.inbound import Inbound, receive
from surveys.reconcile import GRACE, reconcile
from surveys.settling import settle


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    world = World(session, workspace)
    world.trigger(world.survey())
    return world


@pytest.fixture
def small(sqlite_session: Session, make_workspace: MakeWorkspace) -> World:
    world = World(sqlite_session, make_workspace(sqlite_session))
    world.trigger(world.survey())
    return world


def restarted(world: World) -> World:
    """The same world for a new process: nothing but the database is left."""
    world.session.rollback()
    world.session.expunge_all()
    return world


def rounds(world: World, many: int = 4) -> None:
    for _ in range(many):
        world.later(minutes=10)
        reconcile(world.session, world.services, world.now)
        world.ask()


def test_killed_after_the_provider_accepted_nobody_is_texted_twice(world: World) -> None:
    world.happens(world.customer())

    def accept_and_die(outgoing: Outgoing) -> None:
        world.gateway.accept(outgoing)
        raise Killed

    world.gateway.script = [accept_and_die]  # type: ignore[list-item]
    with pytest.raises(Killed):
        world.ask()
    restarted(world)
    assert world.outbound()[0].status == "sending"
    world.ask()
    assert len(world.gateway.phone) == 1
    rounds(world)
    assert len(world.gateway.phone) == 1
    assert (world.outbound()[0].status, world.invitation(1).status) == ("delivered", "delivered")


def test_killed_before_the_provider_was_asked_it_is_sent_once(small: World) -> None:
    small.happens(small.customer())

    def die(outgoing: object) -> None:
        raise Killed

    small.gateway.script = [die]  # type: ignore[list-item]
    with pytest.raises(Killed):
        small.ask()
    restarted(small)
    rounds(small)
    assert len(small.gateway.phone) == 1
    assert small.invitation(1).status == "sent"


class Deadly(FakeGateway):
    """A provider that it is deadly to ask for its sender, which whoever decides does first."""

    @property
    def sender(self) -> str:
        raise Killed


def test_killed_between_claiming_and_deciding_the_invitation_is_taken_up_again(
    small: World,
) -> None:
    small.happens(small.customer())
    healthy, small.gateway = small.gateway, Deadly()
    with pytest.raises(Killed):
        small.fire()
    small.gateway = healthy
    restarted(small)
    assert small.fire() == 0
    small.now += LEASE
    small.ask()
    assert len(small.gateway.phone) == 1
    assert len(small.rows(Decision)) == 1


def test_killed_while_opening_the_exchange_leaves_nothing_half_done(small: World) -> None:
    small.happens(small.customer())

    def opened(session: Session) -> bool:
        return session.scalars(select(Conversation.id)).first() is not None

    with dies_at(small.session, "before_commit", opened):
        small.fire()
    restarted(small)
    assert (small.rows(Response), small.rows(Conversation)) == ([], [])
    small.now += LEASE
    small.ask()
    assert len(small.gateway.phone) == 1


def test_an_answer_is_committed_before_anything_is_said_back(
    sqlite_session: Session, make_workspace: MakeWorkspace, sqlite_engine: Engine
) -> None:
    world = asked_world(sqlite_session, make_workspace(sqlite_session))

    def die(outgoing: object) -> None:
        with Session(sqlite_engine) as elsewhere:
            other = World(elsewhere, world.workspace)
            assert other.answers() == {"score": 9}
        raise Killed

    world.gateway.script = [die]  # type: ignore[list-item]
    with pytest.raises(Killed):
        world.says("9")


def test_no_transaction_is_open_while_the_provider_is_asked(small: World) -> None:
    small.happens(small.customer())
    seen: list[bool] = []

    def look(outgoing: Outgoing) -> object:
        seen.append(small.session.in_transaction())
        return small.gateway.accept(outgoing)

    small.gateway.script = [look]  # type: ignore[list-item]
    small.ask()
    assert seen == [False]


def test_a_slow_worker_s_late_outcome_does_not_touch_the_next_attempt(small: World) -> None:
    small.happens(small.customer())
    small.fire()
    slow = small.claim()
    assert slow is not None
    small.now += LEASE + timedelta(seconds=1)
    small.send()
    small.now += GRACE
    reconcile(small.session, small.services, small.now)
    second = small.claim()
    assert second is not None
    settle(small.session, slow, RetryLater("x"), small.now)
    assert small.outbound()[0].status == "sending"


def at_once(engine: Engine, many: int, work: Callable[[Session], object]) -> list[object]:
    """The same work in many threads, each with a session of its own, let go together."""
    gate, results = threading.Barrier(many), []

    def run() -> None:
        with Session(engine, expire_on_commit=False) as session:
            gate.wait()
            try:
                results.append(work(session))
            except Exception as error:
                results.append(error)

    threads = [threading.Thread(target=run) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not [one for one in results if isinstance(one, Exception)]
    return results


def test_many_workers_ask_and_send_each_once(world: World, engine: Engine) -> None:
    customers = [world.customer(phone=f"+4477009001{number:02}") for number in range(10, 22)]
    for customer in customers:
        world.happens(customer)
    services, now = world.services, world.now
    fired = at_once(engine, 4, lambda session: fire_due(session, services, now, 5))
    fired += at_once(engine, 4, lambda session: fire_due(session, services, now, 5))
    assert sum(one for one in fired if isinstance(one, int)) == 12
    at_once(engine, 4, lambda session: send_pending(session, services, now))
    assert sorted(outgoing.address for outgoing in world.gateway.phone) == sorted(
        customer.phone or "" for customer in customers
    )
    assert {row.status for row in world.rows(Invitation)} == {"sent"}


def test_one_customer_s_two_invitations_at_once_ask_once(world: World, engine: Engine) -> None:
    world.trigger(world.survey(key="other"), channel="web")
    world.trigger(world.survey(key="third"), channel="web")
    world.happens(world.customer())
    services, now = world.services, world.now
    at_once(engine, 3, lambda session: fire_due(session, services, now, 1))
    outcomes = [row.outcome for row in world.rows(Decision)]
    assert sorted(outcomes) == ["ask", "refuse", "refuse"]


def test_the_same_webhook_many_times_at_once_counts_once(world: World, engine: Engine) -> None:
    world.happens(world.customer())
    world.ask()
    services, now = world.services, world.now
    inbound = Inbound("fake", "INx", SENDER, PHONE, "9")
    results = at_once(engine, 4, lambda session: receive(session, services, inbound, now))
    assert sorted(one.replay for one in results) == [False, True, True, True]  # type: ignore[attr-defined]
    assert world.answers() == {"score": 9}
    assert len(world.outbound()) == 2


def test_two_replies_racing_come_one_after_the_other(world: World, engine: Engine) -> None:
    world.happens(world.customer())
    world.ask()
    services, now = world.services, world.now
    waiting = ["9", "10"]

    def reply(session: Session) -> object:
        body = waiting.pop()
        inbound = Inbound("fake", f"IN{body}", SENDER, PHONE, body)
        return receive(session, services, inbound, now)

    at_once(engine, 2, reply)
    given = world.answers()
    assert (given["score"], given["why"]) in ((9, "10"), (10, "9"))
    assert world.response().status == "completed"
    assert len(world.rows(Response)) == 1


def test_stop_racing_with_the_sender_ends_in_silence(world: World, engine: Engine) -> None:
    world.happens(world.customer())
    world.fire()
    services, now = world.services, world.now
    stop = Inbound("fake", "INstop", SENDER, PHONE, "STOP")
    jobs: list[Callable[[Session], object]] = [
        lambda session: receive(session, services, stop, now),
        lambda session: send_pending(session, services, now, 1),
    ]
    at_once(engine, 2, lambda session: jobs.pop()(session))
    world.send()
    first = world.outbound()[0].status
    assert first in ("canceled", "queued")
    asked = [one for one in world.gateway.bodies if "recommend" in one]
    assert len(asked) == (first == "queued")
    world.later(hours=1)
    world.ask()
    assert [one for one in world.gateway.bodies if "recommend" in one] == asked


def test_a_look_up_that_took_too_long_does_not_touch_the_next_attempt(small: World) -> None:
    small.happens(small.customer())
    small.gateway.script = [lambda outgoing: Unknown("time_out")]
    small.ask()
    small.now += GRACE

    def meanwhile(outgoing: Outgoing, since: datetime, taken: frozenset[str]) -> None:
        """Another worker looks it up first, and a third one is sending it again."""
        small.gateway.find = lambda *arguments: None  # type: ignore[method-assign]
        reconcile(small.session, small.services, small.now)
        assert small.claim() is not None

    small.gateway.find = meanwhile  # type: ignore[method-assign,assignment]
    assert reconcile(small.session, small.services, small.now) == 0
    assert small.outbound()[0].status == "sending"
