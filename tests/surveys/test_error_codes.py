"""Twilio's codes: what each asks for, as its error dictionary has them."""

from __future__ import annotations

import pytest

from surveys.channels.errors import CODES, Group, known

BY_RECEIPT = {
    # told of messages that were taken: the account's or the number's, whatever it sends
    **dict.fromkeys(["30002", "30032", "30034", "30037"], Group.SENDER),
    # some countries and carriers only: others may still be texted from it
    **dict.fromkeys(["30007", "30018", "30024", "30040", "30041"], Group.MESSAGE),
    **dict.fromkeys(["30001", "30022", "30023", "30027"], Group.THROTTLED),
    **dict.fromkeys(["30003", "30008", "30009", "30017", "30036"], Group.PASSING),
    **dict.fromkeys(["30004", "30005", "30006"], Group.DEAD),
}


@pytest.mark.parametrize(("code", "group"), BY_RECEIPT.items())
def test_what_a_receipt_tells_asks_for_the_right_thing(code: str, group: Group) -> None:
    assert known(code).group is group


def test_every_known_code_has_words_that_fit_into_a_sentence() -> None:
    assert all(code.words and not code.words.endswith(".") for code in CODES.values())


def test_an_unknown_code_fails_its_message_alone() -> None:
    assert known("99999").group is known(None).group is Group.OTHER
