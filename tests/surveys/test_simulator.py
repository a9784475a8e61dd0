"""The simulator's parts: what goes wrong and when, what is planned, who has stopped whom."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from models.errors import InvalidInput
from surveys.channels.gateway import Accepted, Outgoing, Refused
from surveys.channels.simulator import FAILING, REFUSED, SENDER, SimulatorGateway
from surveys.simulator.account import Account, OptOut
from surveys.simulator.agenda import Agenda
from surveys.simulator.control import Typed, type_from
from surveys.simulator.course import PATIENT, course, parse_delays
from surveys.simulator.faults import ACCEPTING, REFUSING, WELL, Faults, parse
from surveys.simulator.message import Message
from surveys.simulator.opt_outs import OptOuts
from surveys.simulator.rates import Rates
from surveys.simulator.service import Simulator

PHONE, NUMBER, SERVICE = "+447700900123", "+447700900000", "MG" + "a" * 32
AT = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


def message(body: str = "Hello", to: str = PHONE, callback: str | None = "http://us/") -> Message:
    values: dict[str, Any] = {"sid": "SM1", "account_sid": "AC1", "direction": "outbound-api"}
    values |= {"sender": NUMBER, "to": to, "body": body, "status": "queued", "callback": callback}
    return Message(created=AT, updated=AT, **values)


def test_faults_are_read_from_a_line() -> None:
    assert parse("late=0.05, hangup=0.02") == {"late": 0.05, "hangup": 0.02}
    assert parse("") == {}


@pytest.mark.parametrize("text", ["late", "late=x", "lately=0.1", "late=1.1", "late=0.6,busy=0.6"])
def test_faults_that_can_t_be_are_refused_with_the_mend(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(text)
    assert refused.value.field == "faults"
    assert refused.value.mend


def test_the_same_seed_and_traffic_bring_the_same_faults_in_any_order() -> None:
    odds = dict.fromkeys([*REFUSING, *ACCEPTING], 0.08)
    requests = [(PHONE, f"text {number}", "1") for number in range(300)]
    forwards = {request: Faults(odds, 7).mood(*request) for request in requests}
    backwards = Faults(odds, 7)
    assert {request: backwards.mood(*request) for request in reversed(requests)} == forwards
    assert {request: Faults(odds, 8).mood(*request) for request in requests} != forwards
    assert set(forwards.values()) == {WELL, *REFUSING, *ACCEPTING}


def test_chances_are_met_about_as_often_as_asked() -> None:
    faults = Faults({"late": 0.1, "hangup": 0.2, "repeat": 0.3}, seed=3)
    moods = [faults.mood(str(number)) for number in range(4000)]
    assert 340 < moods.count("late") < 460
    assert 720 < moods.count("hangup") < 880
    assert 1110 < sum(faults.happens("repeat", str(number)) for number in range(4000)) < 1290


def test_a_script_goes_before_chance() -> None:
    faults = Faults({"late": 1.0})
    faults.next(["busy", WELL])
    assert [faults.mood("x") for _ in range(3)] == ["busy", WELL, "late"]
    with pytest.raises(InvalidInput):
        faults.next(["tired"])


def test_each_receipt_follows_its_step() -> None:
    steps = course(message(), Faults(), PATIENT)
    statuses = ["queued", "sending", "sent", "delivered"]
    assert [(step.status, step.told) for step in steps] == [
        (status, told) for status in statuses for told in (False, True)
    ]
    assert all(step.after > 0 for step in steps if not step.told)
    assert not any(step.told for step in course(message(callback=None), Faults(), {}))


def test_a_message_that_is_lost_says_why() -> None:
    steps = course(message(), Faults({"undelivered": 1.0}), {})
    assert steps[-1].status == "undelivered"
    assert steps[-1].error_code == steps[-2].error_code != None  # noqa: E711
    assert all(step.error_code is None for step in steps[:-2])


def test_receipts_are_shuffled_after_what_they_tell_of() -> None:
    faults = Faults({"reorder": 1.0}, seed=1)
    orders = set()
    for number in range(40):
        steps = course(message(f"{number}"), faults, {})
        assert [step.told for step in steps] == [False] * 4 + [True] * 4
        orders.add(tuple(step.status for step in steps[4:]))
    assert len(orders) > 10


def test_delays_are_read_from_a_line() -> None:
    assert parse_delays("sent=0.5,delivered=2") == {"sent": 0.5, "delivered": 2}
    for wrong in ("sent", "sent=-1", "seen=1"):
        with pytest.raises(InvalidInput):
            parse_delays(wrong)


def test_stop_holds_for_its_sender_alone() -> None:
    account = Account(
        "t", numbers=(NUMBER,), services={SERVICE: ("+447700900001", "+447700900002")}
    )
    opt_outs = OptOuts(account)
    assert opt_outs.heard(NUMBER, PHONE, " Stop ") == "STOP"
    assert opt_outs.heard(NUMBER, PHONE, "STOP") is None
    assert opt_outs.forbids(NUMBER, PHONE)
    assert not opt_outs.forbids(SERVICE, PHONE)
    assert opt_outs.heard("+447700900001", PHONE, "end") == "STOP"
    assert opt_outs.forbids(SERVICE, PHONE)
    assert opt_outs.forbids("+447700900002", PHONE)
    assert opt_outs.heard(NUMBER, PHONE, "yes") == "START"
    assert not opt_outs.forbids(NUMBER, PHONE)
    assert opt_outs.heard(NUMBER, PHONE, "yes") is None
    assert opt_outs.heard(NUMBER, PHONE, "stop it please") is None


def test_where_twilio_keeps_no_list_stop_is_any_word() -> None:
    opt_outs = OptOuts(Account("t", opt_out=OptOut.OFF))
    assert opt_outs.heard(NUMBER, PHONE, "STOP") is None
    assert not opt_outs.forbids(NUMBER, PHONE)


def test_a_sender_s_second_moves_on() -> None:
    now = [10.0]
    rates = Rates(2, lambda: now[0])
    assert [rates.allows(NUMBER) for _ in range(3)] == [True, True, False]
    assert rates.allows("another")
    now[0] = 10.9
    assert not rates.allows(NUMBER)
    now[0] = 11.0
    assert [rates.allows(NUMBER) for _ in range(3)] == [True, True, False]


def test_what_is_due_is_done_in_order_and_a_failure_stops_nothing() -> None:
    agenda, done = Agenda(), []

    def fail() -> None:
        raise RuntimeError

    for name, seconds in (("late", 0.02), ("soon", 0.0), ("next", 0.01)):
        agenda.after(seconds, lambda name=name: done.append(name))  # type: ignore[misc]
    agenda.after(0, fail)
    assert agenda.settle(1)
    assert done == ["soon", "next", "late"]


def test_threads_do_what_others_plan_meanwhile() -> None:
    agenda, done, gate = Agenda(), [], threading.Event()
    agenda.start()
    agenda.after(0, lambda: (gate.wait(5), agenda.after(0, lambda: done.append("second")))[1])
    assert not agenda.settle(0)
    gate.set()
    assert agenda.settle(5)
    agenda.stop()
    assert done == ["second"]
    assert agenda.waiting == 0


@pytest.mark.parametrize("number", [*FAILING, *REFUSED])
def test_the_built_in_simulator_knows_the_same_numbers(number: str) -> None:
    outcome = SimulatorGateway().send(Outgoing(1, SENDER, number, "Hello"))
    if number in FAILING:
        assert isinstance(outcome, Accepted)
        assert (outcome.status, outcome.error_code) == ("undelivered", FAILING[number])
    else:
        assert outcome == Refused(REFUSED[number], opted_out=REFUSED[number] == "21610")


def test_an_account_of_any_number_takes_any_template_and_answers_by_whatsapp() -> None:
    simulator = Simulator(Account("a-token", any_number=True))
    phone, sender = "whatsapp:+447700900123", "whatsapp:+447700900777"
    sent = {"To": phone, "From": sender, "ContentSid": "HX" + "a" * 32}
    simulator.send({**sent, "ContentVariables": '{"1": "Ada", "2": "How was it?"}'})
    simulator.settle()
    (first,) = simulator.book.of_phone(phone)
    assert (first.body, first.status) == ("Ada How was it?", "delivered")
    assert type_from(simulator, phone, Typed(body="9")).to == sender
    with pytest.raises(InvalidInput):
        type_from(simulator, phone, Typed(body="9", to="+447700900777"))
    fresh = "whatsapp:+447700900999"
    assert type_from(simulator, fresh, Typed(body="hello")).to == f"whatsapp:{SENDER}"


def test_without_a_whatsapp_sender_no_phone_can_write_by_it() -> None:
    with pytest.raises(InvalidInput, match="no WhatsApp sender"):
        type_from(Simulator(Account("a-token")), "whatsapp:+447700900123", Typed(body="9"))
