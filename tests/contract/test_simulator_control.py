"""The simulator's own door, as tests and runs with faults use it."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from asking_world import PHONE, SENDER
from simulated_twilio import Twilio


def send(twilio: Twilio, body: str, to: str = PHONE) -> None:
    twilio.simulator.send({"To": to, "From": SENDER, "Body": body})


def get(twilio: Twilio, path: str) -> Any:
    return requests.get(f"{twilio.base}/simulator/{path}", timeout=5).json()


def post(twilio: Twilio, path: str, told: Any = None) -> requests.Response:
    return requests.post(f"{twilio.base}/simulator/{path}", json=told or {}, timeout=5)


def test_it_counts_what_each_phone_really_received(twilio: Twilio) -> None:
    for body in ("one", "two", "one"):
        send(twilio, body)
    assert get(twilio, f"phones/{PHONE}") == {"received": [], "times": {}, "sent": []}
    assert get(twilio, "")["waiting"] == 3
    assert post(twilio, "settle").json() == {"settled": True}
    phone = get(twilio, "phones")[PHONE]
    assert phone["times"] == {"one": 2, "two": 1}
    assert [one["from"] for one in phone["received"]] == [SENDER] * 3
    assert get(twilio, "")["messages"] == {"delivered": 3}


def test_what_a_phone_sends_is_kept_with_what_was_answered(twilio: Twilio) -> None:
    told = post(twilio, f"phones/{PHONE}", {"body": "9", "to": SENDER}).json()
    assert told["answered"] is None
    (sent,) = get(twilio, f"phones/{PHONE}")["sent"]
    assert sent == {"sid": told["sid"], "body": "9", "to": SENDER, "answered": None}


def test_faults_are_set_while_it_runs(twilio: Twilio) -> None:
    told = {"odds": {"late": 0.5}, "next": ["busy"]}
    assert post(twilio, "faults", told).json() == {"odds": {"late": 0.5}}
    assert get(twilio, "")["odds"] == {"late": 0.5}
    assert twilio.simulator.mood(PHONE, "x") == "busy"
    assert post(twilio, "faults", {"next": ["hangup"]}).json() == {"odds": {"late": 0.5}}


def test_senders_are_blocked_and_let_go_while_it_runs(twilio: Twilio) -> None:
    assert get(twilio, "")["blocked"] == {}
    told = {"senders": {SENDER: 30034}}
    assert post(twilio, "blocked", told).json() == {"blocked": {SENDER: 30034}}
    send(twilio, "Hello")
    post(twilio, "settle")
    assert get(twilio, "")["messages"] == {"undelivered": 1}
    assert post(twilio, "blocked", {"senders": {}}).json() == {"blocked": {}}
    send(twilio, "Hello")
    post(twilio, "settle")
    assert get(twilio, "")["messages"] == {"undelivered": 1, "delivered": 1}


def test_it_forgets_all_but_its_settings(twilio: Twilio) -> None:
    post(twilio, "faults", {"odds": {"repeat": 0.5}, "next": ["busy"]})
    send(twilio, "Hello")
    twilio.simulator.typed(PHONE, "STOP", SENDER)
    assert post(twilio, "reset").status_code == 200
    assert (get(twilio, "phones"), get(twilio, "opt-outs"), get(twilio, "requests")) == ({}, [], [])
    assert get(twilio, "")["waiting"] == 0
    assert get(twilio, "")["odds"] == {"repeat": 0.5}
    assert twilio.simulator.mood(PHONE, "x") == "well"


@pytest.mark.parametrize(
    ("path", "told", "said"),
    [
        ("phones/07700900123", {"body": "9"}, "phone"),
        (f"phones/{PHONE}", {"body": " "}, "body"),
        (f"phones/{PHONE}", {"body": "9", "to": "+447700900999"}, "to"),
        (f"phones/{PHONE}", {"text": "9"}, "text"),
        ("faults", {"odds": {"tired": 0.1}}, "tired"),
        ("faults", {"odds": {"late": 2}}, "between 0 and 1"),
        ("faults", {"next": ["tired"]}, "tired"),
        ("blocked", {"senders": {"+447700900999": 30034}}, "+447700900999"),
        ("blocked", {"senders": {SENDER: 21610}}, "30034"),
        ("blocked", {}, "senders"),
    ],
)
def test_what_can_t_be_is_said(twilio: Twilio, path: str, told: Any, said: str) -> None:
    answer = post(twilio, path, told)
    assert answer.status_code == 400
    assert said in answer.json()["error"]
    assert twilio.simulator.book.phones() == []
    assert twilio.simulator.faults.odds == {}
