from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.text import MAX_CHARACTERS, clean, readable


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("Great staff", "Great staff"),
        ("  two\n\nlines\t here ", "two lines here"),
        ("<b>Bad</b> &amp; slow<br/>again", "Bad & slow again"),
        ("I <3 this, 2 < 3", "I <3 this, 2 < 3"),
        ("<script>alert('x')</script>fine", "fine"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("don\u2019t \u201cgo\u201d", 'don\'t "go"'),
        ("nul\x00byte", "nul byte"),
        ("\uff27\uff4f\uff4f\uff44", "Good"),
        ("\U0001f44d\U0001f3fd", "thumbs up"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("", ""),
        (" \u200b ", ""),
    ],
)
def test_clean_keeps_what_was_meant(written: str, cleaned: str) -> None:
    assert clean(written).text == cleaned


def test_a_span_leads_back_to_the_text_as_written() -> None:
    written = "\u200b<p>Slow&nbsp;&amp; late</p> \U0001f621"
    cleaned = clean(written)
    start = cleaned.text.index("late")
    assert written[slice(*cleaned.original_span(start, start + 4))] == "late"
    start = cleaned.text.index("face")
    assert written[slice(*cleaned.original_span(start, start + 4))] == "\U0001f621"


def test_a_very_long_text_is_read_up_to_the_limit() -> None:
    assert len(clean("a" * (MAX_CHARACTERS + 5)).text) == MAX_CHARACTERS


@pytest.mark.parametrize("piece", ["<a", "<!--", "<style", "&amp", "  ", "\u200b", "<", "é "])
def test_no_repetition_takes_for_ever(piece: str) -> None:
    assert len(clean(piece * 20_000).text) <= MAX_CHARACTERS


@given(st.text(max_size=200))
def test_offsets_are_in_order_and_inside_for_any_text(written: str) -> None:
    cleaned = clean(written)
    assert len(cleaned.starts) == len(cleaned.ends) == len(cleaned.text)
    assert list(cleaned.starts) == sorted(cleaned.starts)
    assert all(
        0 <= start < end <= len(written)
        for start, end in zip(cleaned.starts, cleaned.ends, strict=True)
    )
    assert "  " not in cleaned.text
    cleaned.text.encode()


def test_only_letters_can_be_read() -> None:
    assert readable("ok")
    assert not readable("9/10 !!!")
