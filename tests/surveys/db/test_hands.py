"""Several hands hand messages over at once, and one session keeps the books."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from asking_world import SENDER, FakeGateway, World
from sqlalchemy import event
from sqlalchemy.orm import Session

from models.message import Message
from models.workspace import Workspace
from surveys import sender_rows
from surveys.channels.gateway import Accepted, Outcome, Outgoing, RetryLater
from surveys.delivery import Rhythm
from surveys.inbound import Inbound, receive
from surveys.outbox import Draft, put
from surveys.pacing import TRIPS
from surveys.sender_rows import Wire

HANDS = 4
PATIENCE = 20.0


class Provider(FakeGateway):
    """Answers each message by `comes`; counts how many it has before it at once."""

    def __init__(self, comes: Callable[[Outgoing], Outcome] | None = None) -> None:
        super().__init__()
        self.comes = comes or self.accept
        self.lock = threading.Lock()
        self.now: list[str] = []
        self.most = 0

    def send(self, outgoing: Outgoing) -> Outcome:
        with self.lock:
            self.now.append(outgoing.address)
            self.most = max(self.most, len(self.now))
            assert len(set(self.now)) == len(self.now), "two to one address at once"
        try:
            return self.comes(outgoing)
        finally:
            with self.lock:
                self.now.remove(outgoing.address)


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    """On each engine in turn."""
    return World(session, workspace)


def waits(world: World, *addresses: str) -> None:
    """A message to each waits, numbered in its words."""
    for number, address in enumerate(addresses):
        words = f"{number:03d}"
        about = (world.workspace.id, "unprompted", "by hand", words, SENDER, address, words)
        put(world.session, Draft(*about, provider="fake"), world.now)
    world.session.commit()


def numbers(many: int) -> list[str]:
    return [f"+44770090{1000 + number}" for number in range(many)]


def statuses(world: World) -> set[str]:
    return {row.status for row in world.rows(Message)}


def test_hands_work_side_by_side_and_each_message_leaves_once(world: World) -> None:
    together = threading.Barrier(HANDS)

    def met(outgoing: Outgoing) -> Outcome:
        """None is answered before so many are under way: one by one nobody ever would be."""
        if int(outgoing.body) < 8:
            together.wait(PATIENCE)
        return provider.accept(outgoing)

    provider = world.gateway = Provider(met)
    waits(world, *numbers(60))
    assert world.send(hands=HANDS) == 60
    assert sorted(provider.bodies) == [f"{number:03d}" for number in range(60)]
    assert provider.most == HANDS and statuses(world) == {"queued"}


def test_one_that_the_provider_holds_on_to_holds_up_no_other(world: World) -> None:
    others, came = threading.Semaphore(0), []

    def held(outgoing: Outgoing) -> Accepted:
        if outgoing.body == "000":
            came.extend(others.acquire(timeout=PATIENCE) for _ in range(59))
        else:
            others.release()
        return provider.accept(outgoing)

    provider = world.gateway = Provider(held)
    waits(world, *numbers(60))
    assert world.send(hands=2, rhythm=Rhythm(round=0.0)) == 60
    assert came == [True] * 59 and provider.bodies[-1] == "000"


def test_messages_to_one_address_leave_in_order_and_never_at_once(world: World) -> None:
    provider = world.gateway = Provider()
    waits(world, *(address for address in numbers(3) for _ in range(10)))
    world.send(hands=HANDS)
    for address in numbers(3):
        mine = [one.body for one in provider.phone if one.address == address]
        assert len(mine) == 10 and mine == sorted(mine)


def test_a_provider_that_fails_is_left_alone_by_all_hands(world: World) -> None:
    asked: list[str] = []

    def fails(outgoing: Outgoing) -> RetryLater:
        asked.append(outgoing.body)
        return RetryLater("20500")

    world.gateway = Provider(fails)
    waits(world, *numbers(40))
    world.send(hands=HANDS)
    assert TRIPS <= len(asked) < TRIPS + HANDS
    assert sender_rows.standings(world.session, "fake")[SENDER].failures == len(asked)
    rows = world.rows(Message)
    assert {row.status for row in rows} == {"pending"}
    assert sum(row.not_before is None for row in rows) == 40 - len(asked)


def test_a_stop_holds_back_what_no_hand_has_taken(world: World) -> None:
    told = numbers(8)[-1]
    said, looked = threading.Lock(), threading.Event()

    def stop_meanwhile(outgoing: Outgoing) -> Accepted:
        """Whoever is first says STOP for the last; nobody goes on until that was seen."""
        if said.acquire(blocking=False):
            with Session(world.session.get_bind(), expire_on_commit=False) as elsewhere:
                stop = Inbound("fake", "INstop", SENDER, told, "STOP")
                receive(elsewhere, world.services, stop, world.now)
            event.listen(world.session, "after_commit", lambda _: looked.set())
        assert looked.wait(PATIENCE)
        return provider.accept(outgoing)

    provider = world.gateway = Provider(stop_meanwhile)
    world.customer(phone=told)
    waits(world, *numbers(8))
    # it is the look that commits while nobody goes on: outcomes are written down at the end
    world.send(hands=2, rhythm=Rhythm(look=0.0, settle=PATIENCE))
    (held,) = [row for row in world.rows(Message) if row.address == told and row.body == "007"]
    assert (held.status, held.error_code) == ("canceled", "withdrew_consent")
    assert "007" not in provider.bodies and "006" in provider.bodies


def test_what_a_broken_gateway_raises_is_told_and_what_others_did_is_written_down(
    world: World,
) -> None:
    def raises(outgoing: Outgoing) -> Outcome:
        if outgoing.body == "007":
            raise ZeroDivisionError
        return provider.accept(outgoing)

    provider = world.gateway = Provider(raises)
    waits(world, *numbers(8))
    # the last one breaks: what is known by then is the same each time
    with pytest.raises(ZeroDivisionError):
        world.send(rhythm=Rhythm(look=PATIENCE, settle=0.0))
    rows = {row.body: row for row in world.rows(Message)}
    assert rows.pop("007").status == "sending"  # as when its worker had died: looked up later
    assert {row.status for row in rows.values()} == {"queued"}
    assert all(row.provider_id for row in rows.values())


@pytest.mark.parametrize("hands", [1, 3])
def test_a_hand_that_dies_ends_the_run(world: World, hands: int) -> None:
    """Nobody else would ever say that its message is done."""

    def dies(outgoing: Outgoing) -> Outcome:
        raise SystemExit

    world.gateway = Provider(dies)
    waits(world, *numbers(4))
    with pytest.raises(SystemExit):
        world.send(hands=hands)


def test_who_has_something_to_send_is_found_however_much_waits(world: World) -> None:
    """By its own number, by the fall-back, or not yet: and no more than a step a sender is read."""
    waits(world, *numbers(40))
    rows = world.rows(Message)
    for row in rows[:10]:
        row.sender = "+447700900111"
    for row in rows[10:20]:
        row.sender, row.not_before = "+447700900222", world.now + timedelta(seconds=1)
    for row in rows[20:23]:
        row.via = "+447700900333"
    world.session.commit()
    own = [Wire("+447700900111"), Wire(SENDER)]
    lent = [Wire("+447700900333", True)]
    assert sender_rows.waiting(world.session, "fake", world.now) == sorted([*own, *lent])
    later = world.now + timedelta(seconds=1)
    found = sender_rows.waiting(world.session, "fake", later)
    assert found == sorted([*own, *lent, Wire("+447700900222")])
    assert sender_rows.waiting(world.session, "another", later) == []
