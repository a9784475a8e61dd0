from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.channels.segments import count, is_gsm
from surveys.channels.smart_encoding import to_gsm

FACE = "\U0001f642"


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("it\u2019s", "it's"),
        ("\u201cgreat\u201d", '"great"'),
        ("«bien»", '"bien"'),
        ("yes \u2013 no \u2014 well\u2026", "yes - no - well..."),
        ("9\u00a0EUR\u202fonly\u2003now", "9 EUR only now"),
        ("a\u200bb\ufeffc\u00ad", "abc"),
        ("\uff19\uff0f\uff11\uff10", "9/10"),
        ("½ price \u00d7 2", "1/2 price x 2"),
        ("e\u0301te\u0301", "été"),
        ("one\u2028two", "one\ntwo"),
        ("plain", "plain"),
        ("€5 [now]", "€5 [now]"),
    ],
)
def test_signs_become_their_gsm_equals(text: str, sent: str) -> None:
    assert to_gsm(text) == sent
    assert is_gsm(sent)


@pytest.mark.parametrize(
    "text", [f"it\u2019s {FACE}", "François \u2013 merci", "привет\u2026", "a\u2764\ufe0f\u2014b"]
)
def test_a_text_that_needs_ucs2_all_the_same_keeps_its_typography(text: str) -> None:
    assert to_gsm(text) == text


@given(st.text())
def test_what_is_replaced_is_gsm_and_never_takes_more_segments(text: str) -> None:
    sent = to_gsm(text)
    assert sent == text or is_gsm(sent)
    assert to_gsm(sent) == sent


def test_one_curly_quote_in_a_long_text_costs_a_second_segment() -> None:
    text = "How satisfied were you with our help, from 1 to 5? It\u2019s one question. " * 2
    assert (count(text).segments, count(to_gsm(text)).segments) == (3, 1)
