"""The simulator's REST side, by Twilio's real SDK: send, list, page, fetch, refuse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from asking_world import PHONE, SENDER
from simulated_twilio import ACCOUNT, POOL, ROOT, SERVICE, TOKEN, Twilio, at_work
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from surveys.channels.simulator import FILTERED, INVALID, LANDLINE, LOST, NOWHERE, OPTED_OUT
from surveys.channels.twilio_http import RebasedHttpClient
from surveys.simulator.template import Template

OTHER = "+447700900555"


def sdk(twilio: Twilio) -> Any:
    return Client(ACCOUNT, TOKEN, http_client=RebasedHttpClient(twilio.base, 5.0))


def send(twilio: Twilio, to: str = PHONE, body: str = "Hello", **fields: Any) -> Any:
    fields = fields or {"from_": SENDER}
    return sdk(twilio).messages.create(to=to, body=body, **fields)


def refusal(twilio: Twilio, **fields: Any) -> tuple[int, int]:
    with pytest.raises(TwilioRestException) as refused:
        send(twilio, **fields)
    return refused.value.status, refused.value.code


def test_a_number_s_message_takes_its_course(twilio: Twilio) -> None:
    made = send(twilio, body="x" * 161)
    assert (made.status, made.from_, made.num_segments) == ("queued", SENDER, "2")
    assert (made.date_sent, made.error_code, made.messaging_service_sid) == (None, None, None)
    twilio.settle()
    there = sdk(twilio).messages(made.sid).fetch()
    assert (there.status, there.direction) == ("delivered", "outbound-api")
    assert there.date_sent is not None
    assert twilio.got(PHONE) == ["x" * 161]


def test_a_service_chooses_one_of_its_numbers_and_keeps_to_it(twilio: Twilio) -> None:
    made = send(twilio, messaging_service_sid=SERVICE)
    assert (made.status, made.from_, made.num_segments) == ("accepted", None, "0")
    twilio.settle()
    first = sdk(twilio).messages(made.sid).fetch()
    assert first.from_ in POOL
    assert (first.messaging_service_sid, first.num_segments) == (SERVICE, "1")
    later = [send(twilio, body=f"{n}", messaging_service_sid=SERVICE).sid for n in range(5)]
    twilio.settle()
    assert {sdk(twilio).messages(sid).fetch().from_ for sid in later} == {first.from_}


def test_the_list_is_paged_newest_first_and_new_messages_shift_nothing(twilio: Twilio) -> None:
    sids = [send(twilio, body=f"{n}").sid for n in range(7)][::-1]
    page = sdk(twilio).messages.page(page_size=3)
    assert [one.sid for one in page] == sids[:3]
    send(twilio, body="came in between")
    page = page.next_page()
    assert [one.sid for one in page] == sids[3:6]
    assert [one.sid for one in page.previous_page()] == sids[:3]
    page = page.next_page()
    assert [one.sid for one in page] == sids[6:]
    assert page.next_page() is None
    everything = [one.body for one in sdk(twilio).messages.stream(page_size=3)]
    assert everything == ["came in between", *"6543210"]


def test_the_list_is_filtered_by_both_sides(twilio: Twilio) -> None:
    mine, theirs = send(twilio).sid, send(twilio, to=OTHER).sid
    by_name = send(twilio, from_="FernField").sid
    heard = twilio.simulator.typed(PHONE, "9", SENDER).sid
    listed = sdk(twilio).messages.list
    assert {one.sid for one in listed(to=PHONE)} == {mine, by_name}
    assert {one.sid for one in listed(from_=SENDER)} == {mine, theirs}
    assert {one.sid for one in listed(to=PHONE, from_=SENDER)} == {mine}
    assert [(one.sid, one.direction, one.status) for one in listed(from_=PHONE)] == [
        (heard, "inbound", "received")
    ]


def test_the_list_is_filtered_by_the_time_of_sending() -> None:
    start = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
    day = [0]
    clock = {"now": lambda: start + timedelta(days=day[0])}
    with at_work(clocks=clock) as twilio:
        sids = []
        for day[0] in range(3):
            sids.append(send(twilio, body=f"{day}").sid)
            twilio.settle()
        unsent = send(twilio, body="still queued").sid
        listed = sdk(twilio).messages.list
        middle = start + timedelta(days=1)
        found = {
            "on": {one.sid for one in listed(date_sent=middle.date())},
            "before": {one.sid for one in listed(date_sent_before=middle)},
            "after": {one.sid for one in listed(date_sent_after=middle + timedelta(seconds=1))},
            "from": {one.sid for one in listed(date_sent_after=middle.date())},
        }
    first, second, third = sids
    assert found["on"] == {second}
    assert found["before"] == {first, second}
    assert found["after"] == {third}
    assert found["from"] == {second, third}
    assert unsent not in set.union(*found.values())


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": ""}, 21604),
        ({"to": "07700 900123"}, 21211),
        ({"to": INVALID}, 21211),
        ({"to": OPTED_OUT}, 21610),
        ({"body": "  "}, 21602),
        ({"body": "x" * 1601}, 21617),
        ({"from_": "+447700900777"}, 21606),
        ({"from_": ""}, 21603),
        ({"to": SENDER, "from_": SENDER}, 21266),
        ({"messaging_service_sid": "MG" + "b" * 32}, 21701),
        ({"from_": SENDER, "status_callback": "ask.example.com/status"}, 21609),
    ],
)
def test_what_can_t_be_sent_is_refused_by_its_code(
    twilio: Twilio, fields: dict[str, Any], code: int
) -> None:
    if not {"from_", "messaging_service_sid"} & set(fields):
        fields = {**fields, "from_": SENDER}
    assert refusal(twilio, **fields) == (400, code)
    assert twilio.messages == []


@pytest.mark.parametrize(
    ("number", "code"), [(LOST, 30003), (FILTERED, 30007), (NOWHERE, 30005), (LANDLINE, 30006)]
)
def test_numbers_that_never_get_a_message(twilio: Twilio, number: str, code: int) -> None:
    made = send(twilio, to=number)
    twilio.settle()
    there = sdk(twilio).messages(made.sid).fetch()
    assert (there.status, there.error_code) == ("undelivered", code)
    assert there.error_message
    assert twilio.got(number) == []


def test_more_than_a_sender_may_hand_in_within_a_second_is_429() -> None:
    second = [100.0]
    with at_work(per_second=2, clocks={"seconds": lambda: second[0]}) as twilio:
        for body in "ab":
            send(twilio, body=body)
        assert refusal(twilio, body="c") == (429, 20429)
        send(twilio, body="c", messaging_service_sid=SERVICE)
        second[0] += 1
        send(twilio, body="d")
        assert twilio.phone(PHONE) == ["a", "b", "c", "d"]


def test_errors_have_twilio_s_shape(twilio: Twilio) -> None:
    known = (ACCOUNT, TOKEN)
    for path, auth, status, code in (
        (f"{ROOT}/Messages.json", (ACCOUNT, "wrong"), 401, 20003),
        (f"{ROOT}/Messages/SM{'0' * 32}.json", known, 404, 20404),
        (f"{ROOT}/Calls.json", known, 404, 20404),
        (f"/2010-04-01/Accounts/AC{'9' * 32}.json", known, 404, 20404),
    ):
        answer = requests.get(twilio.base + path, auth=auth, timeout=5)
        body = answer.json()
        assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
        assert body["message"]
        assert body["more_info"].endswith(f"/{code}")
    answer = requests.delete(f"{twilio.base}{ROOT}/Messages.json", auth=known, timeout=5)
    assert (answer.status_code, answer.json()["code"]) == (405, 20004)


def test_what_is_set_up_can_be_looked_at(twilio: Twilio) -> None:
    client = sdk(twilio)
    assert client.api.accounts(ACCOUNT).fetch().status == "active"
    (number,) = client.incoming_phone_numbers.list(phone_number=POOL[0])
    assert (number.phone_number, number.capabilities["sms"]) == (POOL[0], True)
    assert client.incoming_phone_numbers.list(phone_number=OTHER) == []
    service = client.messaging.v1.services(SERVICE).fetch()
    assert service.use_inbound_webhook_on_number is False
    pool = client.messaging.v1.services(SERVICE).phone_numbers.list()
    assert [one.phone_number for one in pool] == list(POOL)
    with pytest.raises(TwilioRestException) as unknown:
        client.messaging.v1.services("MG" + "b" * 32).fetch()
    assert (unknown.value.status, unknown.value.code) == (404, 20404)


def test_whatsapp_takes_free_words_for_a_day_and_templates_at_any_time() -> None:
    moment = [datetime(2026, 11, 18, 12, 0, tzinfo=UTC)]
    phone, sender = f"whatsapp:{PHONE}", f"whatsapp:{SENDER}"
    known = Template("HX" + "a" * 32, "hello", "Hello {{1}}, STOP ends it")
    template = {"content_sid": known.sid, "content_variables": '{"1": "Ada"}'}
    setup = {"whatsapp": (SENDER,), "templates": (known,)}
    with at_work(clocks={"now": lambda: moment[0]}, **setup) as twilio:
        messages = sdk(twilio).messages

        def came_to(**fields: Any) -> tuple[str, int | None]:
            made = messages.create(to=phone, from_=sender, **fields)
            twilio.settle()
            there = sdk(twilio).messages(made.sid).fetch()
            return there.status, there.error_code

        assert came_to(body="Hello") == ("failed", 63016)
        assert came_to(**template) == ("delivered", None)
        assert twilio.got(phone) == ["Hello Ada, STOP ends it"]
        assert twilio.simulator.typed(phone, "9").to == sender
        assert came_to(body="Hello") == ("delivered", None)
        moment[0] += timedelta(hours=25)
        assert came_to(body="Hello") == ("failed", 63016)
        assert refusal(twilio, to=phone, from_=sender, content_sid="x") == (400, 21655)
        assert refusal(twilio, to=phone, from_=f"whatsapp:{POOL[0]}", body="x") == (400, 63007)


def test_whatsapp_leaves_stop_to_whoever_sends() -> None:
    phone = f"whatsapp:{PHONE}"
    with at_work(whatsapp=(SENDER,)) as twilio:
        twilio.simulator.typed(phone, "STOP")
        twilio.settle()
        assert twilio.got(phone) == []
        assert twilio.simulator.opt_outs.listed() == []
