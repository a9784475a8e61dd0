from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.search.query import LONGEST, MOST_PARTS, Query, fts5, parse


@pytest.mark.parametrize(
    ("typed", "every", "none"),
    [
        ("late parcel", (("late",), ("parcel",)), ()),
        ('"on hold" phone', (("on", "hold"), ("phone",)), ()),
        ("refund -slow", (("refund",),), (("slow",),)),
        ('refund -"call centre"', (("refund",),), (("call", "centre"),)),
        ("don't", (("don", "t"),), ()),
        ("late late", (("late",),), ()),
        ('"never closed', (("never", "closed"),), ()),
        ("(late OR) AND* NEAR/3", (("late",), ("OR",), ("AND",), ("NEAR", "3")), ()),
        ("früh Straße", (("früh",), ("Straße",)), ()),
    ],
)
def test_words_phrases_and_what_must_not_be_there(
    typed: str, every: tuple[object, ...], none: tuple[object, ...]
) -> None:
    assert parse(typed) == Query(every, none)  # type: ignore[arg-type]


@pytest.mark.parametrize("typed", ["", "   ", '""', "***", "-late", "--", '-"', "%_'\\;"])
def test_without_a_word_there_is_nothing_to_look_for(typed: str) -> None:
    assert not parse(typed)


def test_a_query_is_no_longer_than_it_needs_to_be() -> None:
    assert len(parse(" ".join(f"w{i}" for i in range(60))).every) == MOST_PARTS
    assert parse("x" * 9000).every == (("x" * LONGEST,),)


@given(st.text(max_size=60))
def test_whatever_is_typed_no_word_is_an_operator(typed: str) -> None:
    found = parse(typed)
    for phrase in (*found.every, *found.none):
        assert all(word.isalnum() for word in phrase)
    assert fts5(found).count('"') == 2 * (len(found.every) + len(found.none))
