from __future__ import annotations

import itertools
import random

import personal_cases as cases
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.personal.phones import LOOKUPS
from nlp.redaction import PLACEHOLDERS, redacted, redactions, without

KINDS = {
    "phone": cases.PHONES,
    "email": cases.MAIL,
    "national_id": cases.IDS,
    "address": cases.ADDRESSES,
}
FOUND = [*cases.ACCOUNTS, *(case for table in KINDS.values() for case in table)]
HOSTILE = {
    "digits": "1" * 50_000,
    "pairs": "0 " * 25_000,
    "pluses": "+1" * 25_000,
    "thousands": "1" + " 000" * 12_499,
    "dates": "1/1/" * 12_500,
    "ats": "a@" * 25_000,
    "one word": "a" * 49_998 + " 1",
    "domains": "b@" + "b." * 24_999,
    "spelled": "a at b dot " * 4_500,
    "accounts": "DE89 " * 10_000,
    "names": "1 Aa " * 10_000,
    "streets": "via Aa " * 7_000 + "1",
    "labels": "order call " * 4_500 + "1",
    "invisible": "0\u200b" * 25_000,
}


@pytest.mark.parametrize(("text", "left"), FOUND)
def test_personal_data_goes_and_the_rest_stays(text: str, left: str) -> None:
    assert redacted(text) == left


@pytest.mark.parametrize("text", cases.KEPT)
def test_other_numbers_and_names_stay(text: str) -> None:
    assert redacted(text) == text


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_are_told_apart(kind: str) -> None:
    assert {one.kind for text, _ in KINDS[kind] for one in redactions(text)} == {kind}


def test_offsets_are_those_of_the_text_as_written() -> None:
    text = "Zoë\u0301 🙂 \u202a+44\u00a07700\u2009900123\u202c, o\u0308 ada@example.org!"
    found = [(one.kind, text[one.start : one.end]) for one in redactions(text)]
    assert found == [("phone", "+44\u00a07700\u2009900123"), ("email", "ada@example.org")]
    assert redactions(text)[0].to_json() == {"start": 8, "end": 23, "kind": "phone"}


def test_a_comment_with_all_of_it() -> None:
    text = (
        "Sam at the till was rude. Call 07700 900123 or ada@example.org, refund card "
        "4111111111111111 or GB82 WEST 1234 5698 7654 32, NI AB123456C, 12 Baker Street NW1 6XE."
    )
    assert redacted(text) == (
        "Sam at the till was rude. Call [phone] or [e-mail], refund card [card] or "
        "[bank account], NI [id number], [address]."
    )
    assert {one.kind for one in redactions(text)} == set(PLACEHOLDERS)


@pytest.mark.parametrize(("start", "left"), [(0, "Call [phone]"), (9, "[phone]"), (17, " now")])
def test_a_stretch_never_shows_part_of_a_number(start: int, left: str) -> None:
    text = "Call 0161 4960842 now"
    end = 12 if start < 17 else None
    assert without(text, redactions(text), start, end) == left


@given(st.text(st.sampled_from("0123456789 +-.()/@aABdot,é\u200b\u0661")))
def test_spans_are_in_order_and_inside(text: str) -> None:
    at = 0
    for one in redactions(text):
        assert at <= one.start < one.end <= len(text)
        at = one.end


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_stands_around_it_an_address_goes(before: str, after: str) -> None:
    text = f"{before} ada.lovelace@example.org {after}"
    assert "ada.lovelace@example" not in redacted(text)


@given(st.integers(2, 9), st.lists(st.sampled_from(["", " ", "-", "."]), min_size=2, max_size=2))
def test_a_number_with_its_plus_goes_however_it_is_parted(last: int, marks: list[str]) -> None:
    first, second = marks
    assert redacted(f"so: +44{first}7700{second}90012{last}, ok") == "so: [phone], ok"


def test_a_flood_of_numbers_goes_as_well() -> None:
    draw = random.Random(7)
    numbers = [f"0{draw.randint(20, 99)} {draw.randint(100, 999)} 4567" for _ in range(LOOKUPS)]
    left = redacted(", ".join(numbers))
    assert "4567" not in left and left.count("[phone]") == LOOKUPS


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_gone_through_to_its_end(name: str) -> None:
    """A rule that backtracks would run into the time limit of the tests."""
    text = HOSTILE[name][:50_000]
    found = redactions(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
