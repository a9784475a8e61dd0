from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.channels.characters import characters
from surveys.channels.segments import GSM_BASIC, GSM_EXTENSION, Segments, count, forcing

FACE = "\U0001f642"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", "GSM-7", 0, 1),
        ("a", "GSM-7", 1, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€", "GSM-7", 2, 1),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),  # the pair moves on whole
        ("a" * 151 + "€" + "a" * 153, "GSM-7", 306, 2),
        ("a" * 158 + "{}", "GSM-7", 162, 2),
        ("line\r\nline\f", "GSM-7", 12, 1),
        ("ñ¿é à Ä ß Δ", "GSM-7", 11, 1),
        ("ç", "UCS-2", 1, 1),
        ("é" * 70, "GSM-7", 70, 1),
        ("ê" * 70, "UCS-2", 70, 1),
        ("ê" * 71, "UCS-2", 71, 2),
        ("ê" * 134, "UCS-2", 134, 2),
        ("ê" * 135, "UCS-2", 135, 3),
        ("it\u2019s", "UCS-2", 4, 1),
        (FACE * 35, "UCS-2", 70, 1),
        (FACE * 36, "UCS-2", 72, 2),
        (FACE * 66, "UCS-2", 132, 2),  # 33 faces a segment: the 67th unit stays empty
        (FACE * 67, "UCS-2", 134, 3),
        ("ê" * 66 + FACE + "ê" * 66, "UCS-2", 134, 3),
        ("\ud83d", "UCS-2", 1, 1),
        ("ê" * 60 + FAMILY + "ê", "UCS-2", 72, 2),  # eleven units that move on whole
        ("ê" * 60 + FAMILY + "ê" * 57, "UCS-2", 128, 3),
        ("ê" + "\u0301" * 133, "UCS-2", 134, 2),  # longer than a segment: it has to be split
    ],
)
def test_segments_are_counted_as_they_are_billed(
    text: str, encoding: str, units: int, segments: int
) -> None:
    counted = count(text)
    assert (counted.encoding, counted.units, counted.segments) == (encoding, units, segments)


def test_the_alphabet_is_the_whole_of_gsm() -> None:
    assert len(GSM_BASIC) == 127  # 128 places less the escape
    assert len(GSM_EXTENSION) == 10
    assert not GSM_BASIC & GSM_EXTENSION


@given(st.text())
def test_units_are_utf16_code_units_where_gsm_does_not_do(text: str) -> None:
    counted = count(text)
    if counted.encoding == "UCS-2":
        assert counted.units == len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(st.text(alphabet=st.sampled_from("a€ê" + FACE), max_size=400), st.sampled_from("a€" + FACE))
def test_more_text_never_takes_fewer_segments(text: str, more: str) -> None:
    assert count(text + more).segments >= count(text).segments
    assert count(text) == Segments(**vars(count(text)))


@given(st.text())
def test_characters_joined_are_the_text(text: str) -> None:
    assert "".join(characters(text)) == text


def test_what_forces_ucs2_is_named_once_in_order() -> None:
    assert forcing("it\u2019s \u2013 it\u2019s €") == ("\u2019", "\u2013")
    assert forcing("plain") == ()
