"""WhatsApp through Twilio's real SDK: templates, the day after a message, whole conversations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import requests
from asking_world import NOW, NPS, PHONE, SENDER, MakeWorkspace, World
from ours_at_work import NOTED, ours_at_work
from simulated_twilio import ACCOUNT, TOKEN, Twilio, at_work, check_form
from sqlalchemy.orm import Session

from benchmarks.ports import free_port
from models.message import Message
from surveys import reconcile, reminders
from surveys.channels.gateway import Accepted, Content, Found, Outgoing, Refused
from surveys.channels.twilio import TwilioGateway
from surveys.channels.twilio_client import Access
from surveys.simulator.template import Template

ADDRESS, FROM = f"whatsapp:{PHONE}", f"whatsapp:{SENDER}"
TEXT = "Hi {{1}}, {{2}} Reply STOP to end."
ASKS = Template("HX" + "a" * 32, "asks", TEXT, buttons={"Gladly": "10", "No more": "STOP"})
AGAIN = Template("HX" + "b" * 32, "again", "{{1}} still waits for you. Reply STOP to end.")
REJECTED = Template("HX" + "c" * 32, "no", "Hello", status="rejected", reason="too short")
SET_TO = {
    "invitation": {
        "en": {
            "sid": ASKS.sid,
            "text": TEXT,
            "variables": {"1": "{customer.first_name|there}", "2": "{question}"},
        }
    },
    "reminder": {"en": {"sid": AGAIN.sid, "text": AGAIN.body, "variables": {"1": "{company}"}}},
}
SETUP = {"whatsapp": (SENDER,), "templates": (ASKS, AGAIN, REJECTED)}


def gateway(twilio: Twilio) -> TwilioGateway:
    access = Access(ACCOUNT, TOKEN, twilio.base)
    return TwilioGateway(
        access, SENDER, status_callback="https://ask.example.com/sms/twilio/status"
    )


def outgoing(body: str = "Hello", content: Content | None = None) -> Outgoing:
    return Outgoing(7, FROM, ADDRESS, body, 1, content)


FILLED = Content(ASKS.sid, '{"1": "Ada", "2": "How was it?"}')


def test_a_template_is_asked_for_as_twilio_describes_it(description: dict[str, Any]) -> None:
    with at_work(**SETUP) as twilio:
        sent = gateway(twilio).send(outgoing("Hi Ada, How was it? Reply STOP to end.", FILLED))
        assert isinstance(sent, Accepted)
        (form,) = twilio.sent_forms
        check_form(description, form)
        assert form["ContentSid"] == [ASKS.sid]
        assert form["ContentVariables"] == [FILLED.variables]
        assert "Body" not in form
        assert (form["To"], form["From"]) == ([ADDRESS], [FROM])
        twilio.settle()
        assert twilio.got(ADDRESS) == ["Hi Ada, How was it? Reply STOP to end."]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (Content("HX" + "9" * 32, "{}"), "21655"),
        (Content(ASKS.sid, "not JSON"), "21656"),
        (Content(ASKS.sid, '{"1": "", "2": "x"}'), "21656"),
        (Content(ASKS.sid, '{"1": "two\\nlines", "2": "x"}'), "21656"),
    ],
)
def test_what_is_wrong_with_a_template_is_refused(content: Content, code: str) -> None:
    with at_work(**SETUP) as twilio:
        assert gateway(twilio).send(outgoing("x", content)) == Refused(code)


def test_a_number_that_is_no_whatsapp_sender_is_refused() -> None:
    with at_work(templates=(ASKS,)) as twilio:
        assert gateway(twilio).send(outgoing("x", FILLED)) == Refused("63007")


def test_a_template_is_found_in_twilios_list_by_what_was_filled_in() -> None:
    with at_work(**SETUP) as twilio:
        hands = gateway(twilio)
        twilio.next("hangup")
        assert not isinstance(hands.send(outgoing("worded otherwise", FILLED)), Accepted)
        found = hands.find(outgoing("worded otherwise", FILLED), NOW - timedelta(days=999))
        assert isinstance(found, Found)
        other = Content(ASKS.sid, '{"1": "Bob", "2": "How was it?"}')
        assert hands.find(outgoing("x", other), NOW - timedelta(days=999)) is None
        taken = frozenset({found.provider_id})
        assert hands.find(outgoing("x", FILLED), NOW - timedelta(days=999), taken) is None


@pytest.mark.parametrize(("ending", "code"), [("1", "30003"), ("8", "63024"), ("9", "63024")])
def test_magic_numbers_fail_by_whatsapp_too(ending: str, code: str) -> None:
    with at_work(**SETUP) as twilio:
        to = f"whatsapp:+1500555000{ending}"
        sent = gateway(twilio).send(Outgoing(7, FROM, to, "x", 1, FILLED))
        assert isinstance(sent, Accepted)
        twilio.settle()
        assert str(twilio.messages[0].error_code) == code


@dataclass
class Stage:
    """A customer who has just been asked by WhatsApp, our program, and the simulator."""

    world: World
    twilio: Twilio

    def writes(self, body: str, **more: Any) -> None:
        door = f"{self.twilio.base}/simulator/phones/{ADDRESS}"
        answer = requests.post(door, json={"body": body, **more}, timeout=10)
        assert answer.json()["answered"] == 200
        self.go_on()

    def go_on(self) -> None:
        self.world.ask()
        self.twilio.settle()

    @property
    def got(self) -> list[str]:
        return self.twilio.got(ADDRESS)


@pytest.fixture
def stage(
    sqlite_session: Session, make_workspace: MakeWorkspace, sqlite_url: str
) -> Iterator[Stage]:
    port = free_port()
    public = f"http://127.0.0.1:{port}"
    world = World(sqlite_session, make_workspace(sqlite_session))
    # the simulator's clock is the world's: a day passes for both
    clocks = {"now": lambda: world.now}
    with (
        at_work(clocks=clocks, inbound_url=public + NOTED, **SETUP) as twilio,
        ours_at_work(world, twilio, sqlite_url, public, port),
    ):
        customer = world.customer()
        world.opts_in()
        survey = world.survey(NPS, whatsapp=SET_TO, remind_after_seconds=3600)
        world.trigger(survey, "whatsapp")
        world.happens(customer)
        made = Stage(world, twilio)
        made.go_on()
        yield made


def test_from_the_template_to_the_thanks_and_stop(stage: Stage) -> None:
    assert stage.got[0].startswith("Hi Ada, Shop: would you recommend us?")
    stage.writes("9")
    assert stage.got[-1] == "What is the main reason?"
    stage.writes("the driver was kind")
    assert stage.got[-1] == "Thank you, Ada!"
    assert stage.world.answers() == {"score": 9, "why": "the driver was kind"}
    assert {row.status for row in stage.world.outbound()} == {"delivered"}
    stage.writes("STOP")
    assert [row.kind for row in stage.world.outbound()][-1] == "stop"
    assert "START" in stage.got[-1]


def test_a_tap_on_a_quick_reply_is_an_answer(stage: Stage) -> None:
    assert stage.twilio.simulator.buttons(ADDRESS) == ASKS.buttons
    stage.writes("Gladly", button="10")
    assert stage.world.answers() == {"score": 10}
    told = stage.twilio.simulator.webhooks.told
    assert any(one.fields.get("ButtonPayload") == "10" for one in told)


def test_a_tap_on_no_more_stops(stage: Stage) -> None:
    stage.writes("No more", button="STOP")
    assert [row.kind for row in stage.world.rows(Message)][-2:] == ["stop", "stop"]
    assert stage.world.response().status == "abandoned"


def test_after_a_day_of_silence_the_reminder_is_a_template_and_a_late_reply_counts(
    stage: Stage,
) -> None:
    stage.world.later(hours=22)
    world = stage.world
    assert reminders.remind_silent(world.session, world.services, world.now) == 1
    stage.go_on()
    assert stage.got[-1] == "Shop still waits for you. Reply STOP to end."
    world.later(days=2)
    stage.writes("9")
    assert stage.got[-1] == "What is the main reason?"


def test_words_of_our_own_after_the_day_fail_with_twilios_code(stage: Stage) -> None:
    world = stage.world
    stage.writes("9")
    question = world.outbound()[-1]
    free = Outgoing(question.id, FROM, ADDRESS, "Hello?")
    world.later(hours=25)
    sent = world.gateway.send(free)
    assert isinstance(sent, Accepted)
    stage.twilio.settle()
    assert (stage.twilio.messages[-1].status, stage.twilio.messages[-1].error_code) == (
        "failed",
        63016,
    )
    assert "Hello?" not in stage.got


def test_what_meta_rejected_counts_as_words_of_our_own() -> None:
    with at_work(**SETUP) as twilio:
        gateway(twilio).send(outgoing("Hello", Content(REJECTED.sid, "{}")))
        twilio.settle()
        assert twilio.messages[0].error_code == 63016


def test_a_crash_around_the_template_texts_once(stage: Stage) -> None:
    world = stage.world
    other = world.customer(phone="+447700900124")
    world.opts_in("+447700900124")
    stage.twilio.next("hangup")
    world.happens(other)
    world.ask()
    assert world.outbound()[-1].status == "unknown"
    assert reconcile.reconcile(world.session, world.services, world.later(minutes=3)) == 1
    stage.go_on()
    assert len(stage.twilio.got("whatsapp:+447700900124")) == 1
