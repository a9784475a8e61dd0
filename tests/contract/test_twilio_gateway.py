"""Twilio's real SDK against the simulator over HTTP, its requests held to Twilio's own
OpenAPI description where that file is at hand (WAYMARK_TWILIO_OPENAPI says where)."""

from __future__ import annotations

import socket
from typing import Any

import jsonschema
import pytest
from asking_world import NOW, PHONE, SENDER, MakeWorkspace, World
from simulated_twilio import ACCOUNT, SERVICE, TOKEN, Twilio, at_work, check_form, schema
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
from surveys.channels.simulator import INVALID
from surveys.channels.twilio import TwilioGateway
from surveys.channels.twilio_client import Access, connect
from surveys.receipts import apply_status
from surveys.reconcile import GRACE, reconcile

CALLBACK = "https://ask.example.com/sms/twilio/status"
MESSAGE = Outgoing(7, SENDER, PHONE, "How was it? £5 {off} 😀")


def gateway_at(
    base: str, service: str | None = None, timeout: float = 5.0, token: str = TOKEN
) -> TwilioGateway:
    return TwilioGateway(
        access=Access(ACCOUNT, token, base),
        sender=SENDER,
        messaging_service_sid=service,
        status_callback=CALLBACK,
        timeout=timeout,
    )


@pytest.fixture
def gateway(twilio: Twilio) -> TwilioGateway:
    return gateway_at(twilio.base)


@pytest.mark.parametrize("service", [None, SERVICE])
def test_what_we_send_is_what_twilio_describes(
    twilio: Twilio, description: dict[str, Any], service: str | None
) -> None:
    gateway = gateway_at(twilio.base, service)
    outcome = gateway.send(Outgoing(7, gateway.sender, PHONE, "Hello"))
    assert isinstance(outcome, Accepted)
    (form,) = twilio.sent_forms
    check_form(description, form)
    assert ("MessagingServiceSid" in form, "From" in form) == (bool(service), not service)
    with pytest.raises(jsonschema.ValidationError):
        check_form(description, {**form, "Bodi": ["x"]})


def test_the_simulator_answers_as_twilio_describes(
    twilio: Twilio, gateway: TwilioGateway, description: dict[str, Any]
) -> None:
    described = schema(description, "api.v2010.account.message")
    gateway.send(MESSAGE)
    gateway_at(twilio.base, SERVICE).send(Outgoing(8, SERVICE, PHONE, "Hello"))
    twilio.settle()
    for path in ("Messages", f"Messages/{twilio.messages[0].sid}"):
        answer = twilio.get(path)
        for message in answer.get("messages", [answer]):
            assert set(message) == set(described["properties"])
            jsonschema.validate(message, described)
    account = schema(description, "api.v2010.account")
    jsonschema.validate(twilio.get(""), account)
    number = schema(description, "api.v2010.account.incoming_phone_number")
    for one in twilio.get("IncomingPhoneNumbers")["incoming_phone_numbers"]:
        assert set(one) <= set(number["properties"])


def test_accepted(twilio: Twilio, gateway: TwilioGateway) -> None:
    outcome = gateway.send(MESSAGE)
    assert outcome == Accepted(twilio.messages[0].sid, "queued")
    (form,) = twilio.sent_forms
    assert form == {
        "To": [PHONE],
        "From": [SENDER],
        "Body": [MESSAGE.body],
        "StatusCallback": [f"{CALLBACK}?m=7"],
    }


def test_who_does_not_know_the_token_is_refused(twilio: Twilio) -> None:
    assert gateway_at(twilio.base, token="0" * 32).send(MESSAGE) == Refused("20003")
    assert twilio.messages == []
    assert twilio.sent_forms == []


@pytest.mark.parametrize(
    ("mood", "outcome", "accepted"),
    [
        ("busy", RetryLater("20429"), 0),
        ("broken", RetryLater("20500"), 0),
        ("unavailable", RetryLater("20503"), 0),
        ("gateway", Unknown("http_502"), 1),
        ("drop", Unknown("cut_off"), 0),
        ("hangup", Unknown("cut_off"), 1),
    ],
)
def test_what_goes_wrong_is_told_apart(
    twilio: Twilio, gateway: TwilioGateway, mood: str, outcome: object, accepted: int
) -> None:
    twilio.next(mood)
    assert gateway.send(MESSAGE) == outcome
    assert len(twilio.messages) == accepted


def test_refusals_are_told_apart(twilio: Twilio, gateway: TwilioGateway) -> None:
    twilio.simulator.typed(PHONE, "STOP", SENDER)
    assert gateway.send(MESSAGE) == Refused("21610", opted_out=True)
    assert gateway.send(Outgoing(7, SENDER, INVALID, "Hello")) == Refused("21211")


def test_an_answer_that_is_not_twilio_s_is_unknown(twilio: Twilio, gateway: TwilioGateway) -> None:
    twilio.next("nonsense")
    assert isinstance(gateway.send(MESSAGE), Unknown)


@pytest.mark.parametrize(("mood", "accepted"), [("late", 1), ("silent", 0)])
def test_an_answer_that_comes_too_late_is_unknown(twilio: Twilio, mood: str, accepted: int) -> None:
    twilio.next(mood)
    assert gateway_at(twilio.base, timeout=0.2).send(MESSAGE) == Unknown("ReadTimeout")
    assert len(twilio.messages) == accepted


def test_a_second_answer_is_never_taken_for_that_of_the_next_request(
    twilio: Twilio, gateway: TwilioGateway
) -> None:
    twilio.next("twice")
    first = gateway.send(MESSAGE)
    second = gateway.send(Outgoing(8, SENDER, PHONE, "Another"))
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert [first.provider_id, second.provider_id] == [one.sid for one in twilio.messages]


def test_a_time_out_is_unknown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        gateway = gateway_at(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.2)
        assert gateway.send(MESSAGE) == Unknown("ReadTimeout")


def test_where_nobody_listens_nothing_was_accepted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert gateway_at(f"http://127.0.0.1:{port}").send(MESSAGE) == RetryLater("no_connection")


def test_the_list_is_searched_by_address_words_and_time(
    twilio: Twilio, gateway: TwilioGateway
) -> None:
    attempted = NOW
    assert gateway.find(MESSAGE, attempted) is None
    for number in range(120):
        body = MESSAGE.body if number == 4 else f"Other {number}"
        gateway.send(Outgoing(7, SENDER, PHONE, body))
    found = gateway.find(MESSAGE, attempted)
    assert found is not None
    assert found.provider_id == twilio.messages[4].sid
    assert found.status == "queued"
    assert gateway.find(MESSAGE, attempted, frozenset({found.provider_id})) is None
    elsewhere = Outgoing(7, SENDER, "+447700900999", MESSAGE.body)
    assert gateway.find(elsewhere, attempted) is None
    assert len(twilio.queries) > 4


def test_a_list_that_is_down_is_no_proof(twilio: Twilio, gateway: TwilioGateway) -> None:
    twilio.simulator.faults.odds = {"lists": 1.0}
    with pytest.raises(GatewayUnavailable):
        gateway.find(MESSAGE, NOW)


@pytest.fixture
def world(sqlite_session: Session, make_workspace: MakeWorkspace, gateway: TwilioGateway) -> World:
    world = World(sqlite_session, make_workspace(sqlite_session))
    world.gateway = gateway  # type: ignore[assignment]  # the real thing in the fake's place
    world.trigger(world.survey())
    world.happens(world.customer())
    return world


@pytest.mark.parametrize("mood", ["hangup", "gateway"])
def test_cut_off_after_accepting_the_phone_gets_exactly_one(
    world: World, twilio: Twilio, mood: str
) -> None:
    twilio.next(mood)
    world.ask()
    assert world.outbound()[0].status == "unknown"
    for _ in range(3):
        world.later(minutes=10)
        reconcile(world.session, world.services, world.now)
        world.ask()
    assert len(twilio.phone(PHONE)) == 1
    (message,) = world.outbound()
    assert (message.status, message.provider_id) == ("queued", twilio.messages[0].sid)
    assert world.invitation(1).status == "sent"


def test_cut_off_before_accepting_it_is_sent_once_more(world: World, twilio: Twilio) -> None:
    twilio.next("drop")
    world.ask()
    reconcile(world.session, world.services, world.now)
    assert twilio.phone(PHONE) == []
    world.now += GRACE
    reconcile(world.session, world.services, world.now)
    world.ask()
    assert len(twilio.phone(PHONE)) == 1


def test_busy_and_broken_are_tried_again(world: World, twilio: Twilio) -> None:
    twilio.next("busy", "broken")
    for _ in range(4):
        world.ask()
        world.later(minutes=2)
    assert len(twilio.phone(PHONE)) == 1
    assert len(twilio.sent_forms) == 3


def test_opted_out_is_remembered(world: World, twilio: Twilio) -> None:
    twilio.simulator.typed(PHONE, "STOP", SENDER)
    world.ask()
    assert [row.source for row in world.rows(Ledger)] == ["provider"]
    assert world.invitation(1).status == "failed"


def test_receipts_replayed_and_out_of_order(world: World, twilio: Twilio) -> None:
    world.ask()
    sid = twilio.messages[0].sid
    for status in ("delivered", "sent", "queued", "delivered", "sending"):
        apply_status(world.session, "twilio", sid, status, None, world.now, 1)
    assert world.outbound()[0].status == "delivered"
    assert world.invitation(1).status == "delivered"


def test_another_message_s_answer_is_not_taken_for_ours(
    twilio: Twilio, gateway: TwilioGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = gateway.send(Outgoing(8, SENDER, "+447700900199", "Hello"))
    assert isinstance(other, Accepted)
    made = gateway._client.messages(other.provider_id).fetch()
    monkeypatch.setattr(gateway._client.messages, "create", lambda **form: made)
    assert gateway.send(MESSAGE) == Unknown("other_answer")
    assert twilio.phone(PHONE) == []


def test_a_message_whose_signs_the_provider_replaced_is_found(
    twilio: Twilio, gateway: TwilioGateway
) -> None:
    said = Outgoing(7, SENDER, PHONE, "\u201cGreat\u201d \u2013 it\u2019s on time\u2026 \u00bd off")
    gateway.send(said)
    (made,) = twilio.messages
    twilio.simulator.book.change(made.sid, body='"Great" - it\'s on time... 1/2 off')
    found = gateway.find(said, NOW)
    assert found is not None and found.provider_id == made.sid
    assert gateway.find(Outgoing(7, SENDER, PHONE, "It's not on time"), NOW) is None


@pytest.mark.parametrize(
    ("region", "edge", "host"),
    [
        (None, None, "api.twilio.com"),
        ("ie1", None, "api.ie1.twilio.com"),
        ("ie1", "dublin", "api.dublin.ie1.twilio.com"),
        (None, "sydney", "api.sydney.us1.twilio.com"),
    ],
)
def test_requests_go_to_the_region_by_the_edge(
    region: str | None, edge: str | None, host: str
) -> None:
    client = connect(Access(ACCOUNT, TOKEN, region=region, edge=edge), 5.0)
    assert client.get_hostname("https://api.twilio.com/x") == f"https://{host}/x"


def test_a_key_sends_in_place_of_the_account_s_token() -> None:
    key, secret = "SK" + "1" * 32, "s" * 32
    with at_work(keys={key: secret}) as twilio:
        access = Access(ACCOUNT, "wrong" * 8, twilio.base, api_key=key, api_secret=secret)
        assert isinstance(TwilioGateway(access, SENDER).send(MESSAGE), Accepted)
        assert isinstance(TwilioGateway(access.as_owner, SENDER).send(MESSAGE), Refused)
        (sent,) = twilio.messages
    assert sent.account_sid == ACCOUNT
