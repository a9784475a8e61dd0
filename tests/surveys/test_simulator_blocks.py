"""Senders that carriers block: taken, lost later, until somebody says that they may send."""

from __future__ import annotations

import pytest

from models.errors import InvalidInput
from surveys.channels.gateway import Accepted, Outgoing
from surveys.channels.simulator import BLOCKED, SENDER, SimulatorGateway
from surveys.simulator.account import Account
from surveys.simulator.blocks import Blocks, parse
from surveys.simulator.message import Message
from surveys.simulator.service import Simulator

PHONE, NUMBER, MAGIC = "+447700900123", "+447700900000", "+15005550034"
SERVICE, POOL = "MG" + "a" * 32, ("+447700900001", "+447700900002")


def sent(simulator: Simulator, body: str = "Hello", **sender: str) -> Message:
    made = simulator.send({"To": PHONE, "Body": body, **(sender or {"From": NUMBER})})
    assert made.error_code is None
    simulator.settle()
    return simulator.book.of_phone(PHONE)[-1]


def test_senders_are_read_from_a_line() -> None:
    assert parse("+44 7700 900000=30034, +15005550034=30002") == {NUMBER: 30034, MAGIC: 30002}
    assert parse("") == {}
    with pytest.raises(InvalidInput, match="no list of blocked senders") as refused:
        parse(NUMBER)
    assert refused.value.field == "blocked" and refused.value.mend


def test_only_an_account_s_own_senders_can_be_blocked_and_by_codes_that_lose() -> None:
    blocks = Blocks(Account("t", numbers=(NUMBER,)))
    for wrong in ({"+447700900999": 30034}, {NUMBER: 21610}, {NUMBER: 30034, "": 30034}):
        with pytest.raises(InvalidInput):
            blocks.set(wrong)
    assert blocks.listed() == {}
    blocks.set({NUMBER: 30034, "FernField": 30002})
    assert (blocks.code(NUMBER), blocks.code("FernField"), blocks.code(MAGIC)) == (
        30034,
        30002,
        None,
    )


def test_what_a_blocked_sender_sends_is_taken_and_lost_until_it_may_send() -> None:
    simulator = Simulator(Account("t", numbers=(NUMBER, SENDER)))
    simulator.blocks.set({NUMBER: 30034})
    lost = sent(simulator)
    assert (lost.status, lost.error_code, lost.arrived) == ("undelivered", 30034, None)
    assert lost.sent is not None
    assert lost.error_message == "US A2P 10DLC - Message from an Unregistered Number"
    assert sent(simulator, From=SENDER).status == "delivered"
    simulator.reset()
    assert sent(simulator).error_code == 30034
    simulator.blocks.set({})
    assert sent(simulator).status == "delivered"


def test_of_a_service_the_number_that_it_chooses_is_blocked() -> None:
    simulator = Simulator(Account("t", numbers=(), services={SERVICE: POOL}))
    chosen = sent(simulator, MessagingServiceSid=SERVICE).sender or ""
    simulator.blocks.set({chosen: 30032})
    assert sent(simulator, MessagingServiceSid=SERVICE).error_code == 30032
    simulator.blocks.set({POOL[1 - POOL.index(chosen)]: 30032})
    assert sent(simulator, MessagingServiceSid=SERVICE).status == "delivered"


@pytest.mark.parametrize(("number", "code"), BLOCKED.items())
def test_magic_senders_are_blocked_from_the_start_where_they_are_the_account_s(
    number: str, code: str
) -> None:
    simulator = Simulator(Account("t", numbers=(number,)))
    assert simulator.blocks.listed() == {number: int(code)}
    assert str(sent(simulator, From=number).error_code) == code
    assert Simulator(Account("t", numbers=(NUMBER,))).blocks.listed() == {}
    lost = SimulatorGateway().send(Outgoing(1, number, PHONE, "Hello"))
    assert isinstance(lost, Accepted)
    assert (lost.status, lost.error_code) == ("undelivered", code)
