"""Whole conversations over HTTP: our program on one local port, the simulator on another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
import requests
from asking_world import PHONE, SENDER, MakeWorkspace, World
from ours_at_work import NOTED, ours_at_work
from simulated_twilio import Twilio, at_work
from sqlalchemy.orm import Session

from benchmarks.ports import free_port
from models.customer import Consent
from models.message import Message
from surveys import sender_rows
from surveys.channels.gateway import GatewayUnavailable
from surveys.follow_up import follow_up
from surveys.reconcile import reconcile
from surveys.simulator.account import OptOut
from surveys.simulator.faults import Faults
from surveys.simulator.opt_outs import ANSWERS


@dataclass
class Stage:
    """A customer who has just been asked, our program, and the simulator it texts by."""

    world: World
    twilio: Twilio

    def says(self, body: str, **more: Any) -> int | None:
        """The customer texts; our program takes it, and its worker sends what follows."""
        told = {"body": body, **more}
        door = f"{self.twilio.base}/simulator/phones/{PHONE}"
        answered: int | None = requests.post(door, json=told, timeout=10).json()["answered"]
        self.go_on()
        return answered

    def go_on(self) -> None:
        """One round of the worker, then all that the provider does about it."""
        self.world.ask()
        self.twilio.settle()

    def statuses(self) -> list[tuple[str, str | None]]:
        return [(row.status, row.error_code) for row in self.world.outbound()]

    def heard(self) -> list[Message]:
        return [row for row in self.world.rows(Message) if row.direction == "in"]


Raise = Callable[..., Any]


@pytest.fixture
def stage(sqlite_session: Session, make_workspace: MakeWorkspace, sqlite_url: str) -> Raise:
    """Set it up: `with stage(faults, **account) as it`, the customer asked already."""

    @contextmanager
    def raised(faults: Faults | None = None, **account: Any) -> Iterator[Stage]:
        port = free_port()
        public = f"http://127.0.0.1:{port}"
        account = {"inbound_url": public + NOTED, **account}
        with at_work(faults, **account) as twilio:
            world = World(sqlite_session, make_workspace(sqlite_session))
            with ours_at_work(world, twilio, sqlite_url, public, port):
                world.trigger(world.survey())
                world.happens(world.customer())
                made = Stage(world, twilio)
                made.go_on()
                yield made

    return raised


@pytest.mark.parametrize("algorithm", ["HMAC_SHA1", "HMAC_SHA256"])
def test_a_conversation_from_the_question_to_the_thanks(stage: Raise, algorithm: str) -> None:
    with stage(algorithm=algorithm) as it:
        assert it.says("9") == 200
        assert it.says("the driver was kind") == 200
        assert it.world.answers() == {"score": 9, "why": "the driver was kind"}
        got = it.twilio.got(PHONE)
        assert len(got) == 3
        assert "would you recommend us?" in got[0]
        assert got[1:] == ["What is the main reason?", "Thank you, Ada!"]
        assert it.statuses() == [("delivered", None)] * 3
        assert set(it.twilio.simulator.webhooks.answers) == {"200"}


def test_what_somebody_else_signed_is_not_believed(stage: Raise) -> None:
    with stage(Faults({"forged": 1.0})) as it:
        assert it.says("9") == 200
        inbound = [one for one in it.twilio.simulator.webhooks.told if one.url.endswith(NOTED)]
        assert [(one.fields["Body"], one.answered) for one in inbound] == [
            ("STOP", 403),
            ("9", 200),
        ]
        assert [row.body for row in it.heard()] == ["9"]


@pytest.mark.parametrize("seed", range(5))
def test_receipts_out_of_order_and_repeated_end_in_the_right_state(stage: Raise, seed: int) -> None:
    with stage(Faults({"reorder": 1.0, "repeat": 0.5}, seed)) as it:
        it.says("9")
        told = [
            one.fields["MessageStatus"]
            for one in it.twilio.simulator.webhooks.told
            if "MessageStatus" in one.fields
        ]
        assert len(told) > 8
        assert told != sorted(told, key=["queued", "sending", "sent", "delivered"].index)
        assert [status for status, _ in it.statuses()] == ["delivered"] * 2


def test_receipts_that_never_come_leave_what_the_answer_said(stage: Raise) -> None:
    with stage(Faults({"missing": 1.0})) as it:
        assert it.statuses() == [("queued", None)]
        assert it.says("9") == 200
        assert it.world.answers() == {"score": 9}


def test_receipts_that_never_come_are_asked_for(stage: Raise) -> None:
    with stage(Faults({"missing": 1.0})) as it:
        it.world.later(minutes=6)
        follow_up(it.world.session, it.world.services, it.world.now)
        assert it.statuses() == [("delivered", None)]
        (asked,) = [one for one in it.twilio.simulator.heard if one.method == "GET"]
        assert asked.path.endswith(f"/Messages/{it.world.outbound()[0].provider_id}.json")


def test_a_message_that_the_provider_forgot_and_one_it_cannot_tell_of(stage: Raise) -> None:
    with stage(Faults({"missing": 1.0})) as it:
        gateway = it.world.services.gateway
        assert gateway.status("SM" + "0" * 32, None) is None
        with pytest.raises(GatewayUnavailable, match="set up no more"):
            gateway.status("SM" + "0" * 32, "AC" + "5" * 32)
        it.twilio.simulator.account = replace(it.twilio.simulator.account, token="0" * 32)
        with pytest.raises(GatewayUnavailable, match="401"):
            gateway.status(str(it.world.outbound()[0].provider_id), None)


def test_a_reply_told_twice_counts_once(stage: Raise) -> None:
    with stage(Faults({"repeat": 1.0})) as it:
        it.says("9")
        inbound = [one for one in it.twilio.simulator.webhooks.told if one.url.endswith(NOTED)]
        assert [one.answered for one in inbound] == [200, 200]
        assert len(it.heard()) == 1
        assert len(it.twilio.got(PHONE)) == 2


def test_what_never_arrives_is_known_with_its_code(stage: Raise) -> None:
    with stage(Faults({"undelivered": 1.0})) as it:
        status, code = it.statuses()[0]
        assert status == "undelivered"
        assert code in {"30003", "30005", "30006", "30008"}
        assert it.twilio.got(PHONE) == []


def test_a_blocked_sender_stops_and_what_it_lost_arrives_once_it_may_send(stage: Raise) -> None:
    """Told by receipts alone: the API takes all that it sends."""
    with stage() as it:
        blocks = it.twilio.simulator.blocks
        blocks.set({SENDER: 30034})
        for wait in (0, 30, 90):
            it.world.later(minutes=wait)
            it.says("9") if not wait else it.go_on()
            standing = sender_rows.standings(it.world.session, "twilio")[SENDER]
            assert (standing.alarm_code, standing.unproven) == ("30034", True)
        lost = ("undelivered", "30034")
        assert it.statuses()[1:] == [lost, lost, lost, ("pending", None)]
        assert len(it.twilio.got(PHONE)) == 1
        blocks.set({})
        it.world.later(minutes=90)
        it.go_on()
        assert it.twilio.got(PHONE)[1:] == ["What is the main reason?"]
        it.world.later(minutes=6)
        it.says("the driver was kind")
        assert it.twilio.got(PHONE)[2:] == ["Thank you, Ada!"]
        assert sender_rows.standings(it.world.session, "twilio")[SENDER].alarm_code is None


@pytest.mark.parametrize("opt_out", [OptOut.DEFAULT, OptOut.ADVANCED])
def test_after_stop_the_provider_answers_alone(stage: Raise, opt_out: OptOut) -> None:
    with stage(opt_out=opt_out) as it:
        it.says("STOP")
        assert it.heard()[0].kind == "stop"
        assert it.world.response().status == "abandoned"
        assert it.twilio.got(PHONE)[1:] == [ANSWERS["STOP"]]
        refused = [row.error_code for row in it.world.outbound() if row.kind == "stop"]
        assert refused == ([] if opt_out is OptOut.ADVANCED else ["21610"])
        assert "withdrawn" in {row.state for row in it.world.rows(Consent)}
        fields = it.twilio.simulator.webhooks.told[-1].fields
        assert fields.get("OptOutType") == ("STOP" if opt_out is OptOut.ADVANCED else None)


def test_after_start_messages_arrive_again(stage: Raise) -> None:
    with stage() as it:
        it.says("STOP")
        listed = requests.get(f"{it.twilio.base}/simulator/opt-outs", timeout=5).json()
        assert listed == [{"sender": SENDER, "phone": PHONE}]
        it.says("START")
        assert it.twilio.simulator.opt_outs.listed() == []
        assert it.world.outbound()[-1].status == "delivered"


def test_a_picture_is_told_with_its_kind(stage: Raise) -> None:
    with stage() as it:
        assert it.says("", media=["image/jpeg"]) == 200
        told = it.twilio.simulator.webhooks.told
        inbound = next(one.fields for one in told if one.url.endswith(NOTED))
        assert inbound["MessageSid"].startswith("MM")
        assert (inbound["NumMedia"], inbound["MediaContentType0"]) == ("1", "image/jpeg")
        assert inbound["FromCountry"] == "GB"


@pytest.mark.parametrize("mood", ["hangup", "gateway", "nonsense", "twice", "busy", "broken"])
def test_whatever_the_answer_the_phone_gets_the_next_question_once(stage: Raise, mood: str) -> None:
    with stage() as it:
        it.twilio.next(mood)
        it.says("9")
        for _ in range(4):
            it.world.later(minutes=10)
            reconcile(it.world.session, it.world.services, it.world.now)
            it.go_on()
        assert it.twilio.got(PHONE)[1:] == ["What is the main reason?"]
        assert [status for status, _ in it.statuses()] == ["delivered"] * 2
