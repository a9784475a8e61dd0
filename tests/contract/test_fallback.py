"""Two accounts over HTTP by the real SDK: when the first fails, the second stands in for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from asking_world import PHONE, SENDER, MakeWorkspace, World
from ours_at_work import NOTED, ours_at_work
from simulated_twilio import ACCOUNT, TOKEN, Twilio, at_work
from sqlalchemy.orm import Session

from benchmarks.ports import free_port
from feedback import settings
from feedback.metrics import exposition
from feedback.senders import told_of_all
from feedback.standing_checkup import fallback
from models.message import Message
from surveys import sender_rows
from surveys.pacing import TRIPS
from surveys.reconcile import reconcile
from surveys.simulator.account import OptOut

SECOND = "AC" + "1" * 32
SECOND_TOKEN = "e" * 32
FALLBACK = "+447700900900"
ERRORS = ["broken"] * 60


@dataclass
class Stage:
    """A customer, our program, and the two accounts that it texts by."""

    world: World
    first: Twilio
    second: Twilio

    def ask(self, count: int = 1) -> list[str]:
        """Something happens to so many customers; their numbers, the first PHONE's."""
        numbers = [PHONE, *(f"+4477009002{place:02d}" for place in range(count - 1))]
        for number in numbers:
            self.world.happens(self.world.customer(phone=number))
        self.world.fire()
        return numbers

    def says(self, body: str, to: Twilio, number: str, phone: str = PHONE) -> int | None:
        """The customer texts one of the two numbers."""
        door = f"{to.base}/simulator/phones/{phone}"
        told = {"body": body, "to": number}
        answered: int | None = requests.post(door, json=told, timeout=10).json()["answered"]
        return answered

    def go_on(self, **later: float) -> None:
        """Time passes; a worker's round, and all that the providers do about it."""
        self.world.later(**later or {"seconds": 1})
        self.world.send()
        self.first.settle()
        self.second.settle()

    def fail(self) -> None:
        """The first account answers only errors from here on."""
        self.first.simulator.faults.odds = {"broken": 1.0}

    def mend(self) -> None:
        self.first.simulator.faults.odds = {}

    def outbound(self) -> list[Message]:
        return self.world.outbound()

    def words(self) -> str:
        gateway = self.world.services.gateway
        known = sender_rows.standings(self.world.session, gateway.name)
        said = told_of_all(gateway, known, self.world.now)
        return "\n".join(f"{name}: {one.words}" for name, one in said.items())


Raise = Callable[..., Any]


@pytest.fixture
def stage(session: Session, make_workspace: MakeWorkspace, database_url: str) -> Raise:
    """Set it up on each engine: `with stage() as it`."""

    @contextmanager
    def raised(**other_settings: str) -> Iterator[Stage]:
        port = free_port()
        public = f"http://127.0.0.1:{port}"
        told = {"inbound_url": public + NOTED, "opt_out": OptOut.OFF}
        other = {"sid": SECOND, "token": SECOND_TOKEN, "numbers": (FALLBACK,), "services": {}}
        with at_work(**told) as first, at_work(**told, **other) as second:
            more = {
                "TWILIO_FALLBACK_ACCOUNT_SID": SECOND,
                "TWILIO_FALLBACK_AUTH_TOKEN": SECOND_TOKEN,
                "TWILIO_FALLBACK_FROM": FALLBACK,
                "TWILIO_FALLBACK_API_BASE": second.base,
                **other_settings,
            }
            world = World(session, make_workspace(session))
            world.trigger(world.survey())
            with ours_at_work(world, first, database_url, public, port, **more):
                yield Stage(world, first, second)

    return raised


def test_while_the_first_fails_the_second_texts_and_no_phone_is_texted_twice(stage: Raise) -> None:
    with stage() as it:
        it.fail()
        numbers = it.ask(9)
        it.go_on()
        assert f"{FALLBACK}: stands in for {SENDER}" in it.words()
        assert "the provider had an error of its own (20500)" in it.words()
        it.go_on(seconds=10)
        assert [it.first.got(number) for number in numbers] == [[]] * 9
        assert [len(it.second.got(number)) for number in numbers] == [1] * 9
        left = [(row.status, row.sender, row.via, row.account) for row in it.outbound()]
        assert left == [("delivered", SENDER, FALLBACK, SECOND)] * 9


def test_a_conversation_stays_with_the_number_that_asked_and_new_ones_return(stage: Raise) -> None:
    with stage() as it:
        it.fail()
        it.ask(TRIPS + 1)
        it.go_on()
        it.go_on(seconds=10)
        assert it.says("9", it.second, FALLBACK) == 200
        it.mend()
        it.go_on(minutes=6)
        assert it.second.got(PHONE)[1:] == ["What is the main reason?"]
        assert it.says("kind", it.second, FALLBACK) == 200
        it.go_on()
        assert it.second.got(PHONE)[2:] == ["Thank you, Ada!"]
        assert {"score": 9, "why": "kind"}.items() <= it.world.answers().items()
        assert it.first.got(PHONE) == []
        other = it.world.customer(phone="+447700900333")
        it.world.happens(other)
        it.world.fire()
        it.go_on()
        assert len(it.first.got("+447700900333")) == 1
        assert it.second.got("+447700900333") == []
        assert f"{FALLBACK}: the fall-back, not in use" in it.words()


def test_whoever_was_asked_by_the_first_keeps_it_unless_it_is_down(stage: Raise) -> None:
    with stage() as it:
        it.ask()
        it.go_on()
        it.fail()
        assert it.says("9", it.first, SENDER) == 200
        it.go_on()
        it.go_on(seconds=20)
        # a failure or two are no reason yet: it is tried again by the first
        assert it.second.got(PHONE) == it.first.got(PHONE)[1:] == []
        for _ in range(3):
            it.go_on(seconds=20)
        assert it.second.got(PHONE) == ["What is the main reason?"]
        it.mend()
        assert it.says("the driver", it.first, SENDER) == 200
        it.go_on(minutes=6)
        assert it.first.got(PHONE)[1:] == ["Thank you, Ada!"]


def test_what_nobody_knows_the_fate_of_never_goes_by_the_other(stage: Raise) -> None:
    with stage() as it:
        it.first.next(*["hangup"] * TRIPS)
        numbers = it.ask(6)
        it.go_on()
        it.fail()
        it.first.simulator.faults.odds = {"broken": 1.0, "lists": 1.0}
        for _ in range(5):
            it.go_on(minutes=1)
            reconcile(it.world.session, it.world.services, it.world.now)
        got = [(len(it.first.got(one)), len(it.second.got(one))) for one in numbers]
        assert sorted(got) == [(0, 1)] * 3 + [(1, 0)] * 3
        unknown = [row for row in it.outbound() if row.status == "unknown"]
        assert len(unknown) + sum(row.status == "delivered" for row in it.outbound()) == 6
        it.mend()
        reconcile(it.world.session, it.world.services, it.world.now)
        it.go_on(minutes=6)
        assert [row.status for row in it.outbound()].count("unknown") == 0
        got = [len(it.first.got(one)) + len(it.second.got(one)) for one in numbers]
        assert got == [1] * 6


def test_what_the_second_was_asked_is_looked_up_there(stage: Raise) -> None:
    with stage() as it:
        it.fail()
        numbers = it.ask(TRIPS + 1)
        it.second.next("hangup")
        it.go_on()
        it.go_on(seconds=10)
        unknown = [row for row in it.outbound() if row.status == "unknown"]
        assert [row.account for row in unknown] in ([], [SECOND])
        it.world.later(minutes=3)
        reconcile(it.world.session, it.world.services, it.world.now)
        it.go_on(minutes=1)
        assert [len(it.second.got(one)) for one in numbers] == [1] * len(numbers)
        assert all(row.provider_id for row in it.outbound())


def test_a_stop_said_to_the_second_holds_for_the_first(stage: Raise) -> None:
    with stage() as it:
        it.fail()
        it.ask(TRIPS + 1)
        it.go_on()
        it.go_on(seconds=10)
        assert it.says("STOP", it.second, FALLBACK) == 200
        it.mend()
        it.go_on(minutes=1)
        assert "unsubscribed" in it.second.got(PHONE)[-1]
        refused = it.world.happens(it.world.customer(phone=PHONE, external_id="again"))
        it.world.fire()
        it.go_on(minutes=6)
        assert it.world.invitation(refused[0]).rule == "withdrew_consent"
        assert it.first.got(PHONE) == []


def test_an_account_that_refuses_everything_is_stood_in_for_at_once(stage: Raise) -> None:
    with stage(TWILIO_AUTH_TOKEN="0" * 32) as it:
        numbers = it.ask(3)
        it.go_on()
        assert [len(it.second.got(one)) for one in numbers] == [1] * 3
        assert "refuses the credentials (20003)" in it.words()
        assert f"{FALLBACK} stands in" in it.words()


def test_a_number_that_the_first_refuses_does_not_go_by_the_second(stage: Raise) -> None:
    with stage() as it:
        for number in ("+15005550007", "+15005550002"):
            it.world.happens(it.world.customer(phone=number))
        it.world.fire()
        it.go_on()
        it.go_on(minutes=10)
        assert [(row.status, row.via) for row in it.outbound()] == [("failed", None)] * 2
        assert it.second.messages == []


def test_what_the_second_account_tells_is_signed_with_its_own_token(stage: Raise) -> None:
    with stage() as it:
        it.fail()
        it.ask(TRIPS)
        it.go_on()
        it.go_on(seconds=10)
        for twilio in (it.first, it.second):
            assert set(twilio.simulator.webhooks.answers) <= {"200"}
        told = it.second.simulator.webhooks
        told.forge(told.told[-1].url, told.told[-1].fields)
        assert told.told[-1].answered == 403


def test_the_doctor_looks_at_the_fall_back_too(stage: Raise) -> None:
    with stage() as it:
        told = {
            "DATABASE_URL": "sqlite://",
            "PUBLIC_URL": "https://ask.example.com",
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": SENDER,
            "TWILIO_FALLBACK_ACCOUNT_SID": SECOND,
            "TWILIO_FALLBACK_AUTH_TOKEN": SECOND_TOKEN,
            "TWILIO_FALLBACK_FROM": FALLBACK,
            "TWILIO_FALLBACK_API_BASE": it.second.base,
            "SECRET_KEY": "s" * 40,
        }
        found = {one.subject: one for one in fallback(settings.load(told))}
        assert found[f"fall-back, number {FALLBACK}"].fine
        webhook = found[f"fall-back, webhook of {FALLBACK}"]
        assert not webhook.fine
        assert "https://ask.example.com/sms/twilio/inbound" in webhook.words
        wrong = {**told, "TWILIO_FALLBACK_AUTH_TOKEN": "0" * 32}
        (refused,) = fallback(settings.load(wrong))
        assert not refused.fine
        assert "TWILIO_FALLBACK_ACCOUNT_SID and TWILIO_FALLBACK_AUTH_TOKEN" in refused.words


def test_metrics_say_who_is_down_and_how_much_goes_by_the_other(stage: Raise) -> None:
    with stage() as it:
        it.fail()
        it.ask(4)
        it.go_on()
        text = b"".join(exposition(it.world.session, it.world.now)).decode()
        assert 'waymark_senders_down{provider="twilio",reason="20500"} 1.0' in text
        assert "waymark_messages_by_fallback 4.0" in text


def test_without_its_fall_back_what_waited_for_it_leaves_by_its_own_sender(stage: Raise) -> None:
    with stage() as it:
        it.fail()
        it.ask(TRIPS + 1)
        it.go_on()
        it.second.simulator.faults.odds = {"broken": 1.0}
        it.says("9", it.second, FALLBACK)
        it.go_on(seconds=30)
        it.mend()
        it.world.gateway = it.world.gateway._first  # type: ignore[attr-defined]
        for _ in range(6):
            it.go_on(minutes=5)
        assert it.first.got(PHONE)[-1] == "What is the main reason?"
