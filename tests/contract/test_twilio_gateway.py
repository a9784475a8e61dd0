"""Twilio's real SDK against a stateful fake over HTTP, its requests held to Twilio's own
OpenAPI description where that file is at hand (WAYMARK_TWILIO_OPENAPI says where)."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from asking_world import NOW, PHONE, MakeWorkspace, World
from fake_twilio import ACCOUNT, TOKEN, FakeTwilio, Form, running
from sqlalchemy.orm import Session

from models.customer import Consent as Ledger
from surveys.channels.gateway import (
    Accepted,
    GatewayUnavailable,
    Outgoing,
    Refused,
    RetryLater,
    Unknown,
)
from surveys.channels.twilio import TwilioGateway
from surveys.receipts import apply_status
from surveys.reconcile import GRACE, reconcile

SENDER = "+447700900000"
SERVICE = "MG" + "a" * 32
CALLBACK = "https://ask.example.com/sms/twilio/status"
MESSAGE = Outgoing(7, SENDER, PHONE, "How was it? £5 {off} 😀")
CREATE = "/2010-04-01/Accounts/{AccountSid}/Messages.json"


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    with running() as fake:
        yield fake


def gateway_at(base: str, service: str | None = None, timeout: float = 5.0) -> TwilioGateway:
    return TwilioGateway(
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        sender=SENDER,
        messaging_service_sid=service,
        api_base=base,
        status_callback=CALLBACK,
        timeout=timeout,
    )


@pytest.fixture
def gateway(twilio: FakeTwilio) -> TwilioGateway:
    return gateway_at(twilio.base)


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    beside = Path(__file__).parents[3].glob("*/twilio/twilio_api_v2010.json")
    told = os.environ.get("WAYMARK_TWILIO_OPENAPI")
    path = Path(told) if told else next(beside, None)
    if path is None or not path.exists():
        pytest.skip("NOT CHECKED against Twilio's OpenAPI: set WAYMARK_TWILIO_OPENAPI to its file")
    loaded: dict[str, Any] = json.loads(path.read_text())
    return loaded


def check_form(description: dict[str, Any], form: Form) -> None:
    """A form as Twilio describes it: known fields, of their types, nothing repeated."""
    body = description["paths"][CREATE]["post"]["requestBody"]["content"]
    schema = dict(body["application/x-www-form-urlencoded"]["schema"])
    schema |= {"additionalProperties": False, "components": description["components"]}
    assert all(len(values) == 1 for values in form.values())
    jsonschema.validate({name: values[0] for name, values in form.items()}, schema)


@pytest.mark.parametrize("service", [None, SERVICE])
def test_what_we_send_is_what_twilio_describes(
    twilio: FakeTwilio, description: dict[str, Any], service: str | None
) -> None:
    gateway = gateway_at(twilio.base, service)
    outcome = gateway.send(Outgoing(7, gateway.sender, PHONE, "Hello"))
    assert isinstance(outcome, Accepted)
    (form,) = twilio.sent_forms
    check_form(description, form)
    assert ("MessagingServiceSid" in form, "From" in form) == (bool(service), not service)
    with pytest.raises(jsonschema.ValidationError):
        check_form(description, {**form, "Bodi": ["x"]})


def test_the_fake_answers_as_twilio_describes(
    twilio: FakeTwilio, description: dict[str, Any]
) -> None:
    message = description["components"]["schemas"]["api.v2010.account.message"]
    answer = twilio.create({"To": [PHONE], "From": [SENDER], "Body": ["Hello"]})
    assert set(answer) <= set(message["properties"]) | {"tags"}
    statuses = description["components"]["schemas"]["message_enum_status"]["enum"]
    assert answer["status"] in statuses


def test_accepted(twilio: FakeTwilio, gateway: TwilioGateway) -> None:
    outcome = gateway.send(MESSAGE)
    assert outcome == Accepted(twilio.messages[0]["sid"], "queued")
    (form,) = twilio.sent_forms
    assert form == {
        "To": [PHONE],
        "From": [SENDER],
        "Body": [MESSAGE.body],
        "StatusCallback": [f"{CALLBACK}?m=7"],
    }
    assert twilio.authorization[0].startswith("Basic ")


@pytest.mark.parametrize(
    ("mood", "outcome"),
    [
        ("opted out", Refused("21610", opted_out=True)),
        ("no number", Refused("21211")),
        ("busy", RetryLater("20429")),
        ("broken", RetryLater("20500")),
        ("proxy after", Unknown("http_502")),
        ("cut before", Unknown("cut_off")),
        ("cut after", Unknown("cut_off")),
    ],
)
def test_what_goes_wrong_is_told_apart(
    twilio: FakeTwilio, gateway: TwilioGateway, mood: str, outcome: object
) -> None:
    twilio.moods = [mood]
    assert gateway.send(MESSAGE) == outcome


def test_an_answer_that_is_not_twilio_s_is_unknown(
    twilio: FakeTwilio, gateway: TwilioGateway
) -> None:
    twilio.moods = ["nonsense"]
    assert isinstance(gateway.send(MESSAGE), Unknown)


def test_a_time_out_is_unknown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        gateway = gateway_at(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.2)
        assert gateway.send(MESSAGE) == Unknown("ReadTimeout")


def test_where_nobody_listens_nothing_was_accepted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert gateway_at(f"http://127.0.0.1:{port}").send(MESSAGE) == RetryLater("no_connection")


def test_the_list_is_searched_by_address_words_and_time(
    twilio: FakeTwilio, gateway: TwilioGateway
) -> None:
    attempted = NOW
    assert gateway.find(MESSAGE, attempted) is None
    for number in range(120):
        body = MESSAGE.body if number == 4 else f"Other {number}"
        twilio.create({"To": [PHONE], "From": [SENDER], "Body": [body]})
    found = gateway.find(MESSAGE, attempted)
    assert found is not None
    assert found.provider_id == twilio.messages[4]["sid"]
    assert found.status == "queued"
    assert gateway.find(MESSAGE, attempted, frozenset({found.provider_id})) is None
    elsewhere = Outgoing(7, SENDER, "+447700900999", MESSAGE.body)
    assert gateway.find(elsewhere, attempted) is None
    assert len(twilio.queries) > 4


def test_a_list_that_is_down_is_no_proof(twilio: FakeTwilio, gateway: TwilioGateway) -> None:
    twilio.list_down = True
    with pytest.raises(GatewayUnavailable):
        gateway.find(MESSAGE, NOW)


@pytest.fixture
def world(sqlite_session: Session, make_workspace: MakeWorkspace, gateway: TwilioGateway) -> World:
    world = World(sqlite_session, make_workspace(sqlite_session))
    world.gateway = gateway  # type: ignore[assignment]  # the real thing in the fake's place
    world.trigger(world.survey())
    world.happens(world.customer())
    return world


@pytest.mark.parametrize("mood", ["cut after", "proxy after"])
def test_cut_off_after_accepting_the_phone_gets_exactly_one(
    world: World, twilio: FakeTwilio, mood: str
) -> None:
    twilio.moods = [mood]
    world.ask()
    assert world.outbound()[0].status == "unknown"
    for _ in range(3):
        world.later(minutes=10)
        reconcile(world.session, world.services, world.now)
        world.ask()
    assert len(twilio.phone(PHONE)) == 1
    (message,) = world.outbound()
    assert (message.status, message.provider_id) == ("queued", twilio.messages[0]["sid"])
    assert world.invitation(1).status == "sent"


def test_cut_off_before_accepting_it_is_sent_once_more(world: World, twilio: FakeTwilio) -> None:
    twilio.moods = ["cut before"]
    world.ask()
    reconcile(world.session, world.services, world.now)
    assert twilio.phone(PHONE) == []
    world.now += GRACE
    reconcile(world.session, world.services, world.now)
    world.ask()
    assert len(twilio.phone(PHONE)) == 1


def test_busy_and_broken_are_tried_again(world: World, twilio: FakeTwilio) -> None:
    twilio.moods = ["busy", "broken"]
    for _ in range(4):
        world.ask()
        world.later(minutes=2)
    assert len(twilio.phone(PHONE)) == 1
    assert len(twilio.sent_forms) == 3


def test_opted_out_is_remembered(world: World, twilio: FakeTwilio) -> None:
    twilio.moods = ["opted out"]
    world.ask()
    assert [row.source for row in world.rows(Ledger)] == ["provider"]
    assert world.invitation(1).status == "failed"


def test_receipts_replayed_and_out_of_order(world: World, twilio: FakeTwilio) -> None:
    world.ask()
    sid = twilio.messages[0]["sid"]
    for status in ("delivered", "sent", "queued", "delivered", "sending"):
        apply_status(world.session, "twilio", sid, status, None, world.now, 1)
    assert world.outbound()[0].status == "delivered"
    assert world.invitation(1).status == "delivered"
