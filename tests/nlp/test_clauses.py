from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.clauses import MAX_CLAUSES, clauses


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in clauses(text)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Great staff", ["Great staff"]),
        ("Great staff. Slow app!", ["Great staff.", "Slow app!"]),
        ("nice but it was late", ["nice but it was late"]),
        ("Lovely bag, but it was late", ["Lovely bag,", "but it was late"]),
        ("The food was good However we waited", ["The food was good", "However we waited"]),
        ("nothing but praise from us", ["nothing but praise from us"]),
        ("Dr. Lee was kind", ["Dr. Lee was kind"]),
        ("It cost 4.50 for tea", ["It cost 4.50 for tea"]),
        ("Good... thanks", ["Good...", "thanks"]),
        ("1. 2. it broke", ["1. 2. it broke"]),
        ("it was late. not happy", ["it was late.", "not happy"]),
        ("late; rude", ["late;", "rude"]),
    ],
)
def test_cuts_where_the_subject_changes(text: str, pieces: list[str]) -> None:
    assert cut(text) == pieces


@pytest.mark.parametrize("piece", [".", "!?", "a.", "but ", ", but", " -", '."', ";", "e.g. "])
def test_no_repetition_takes_for_ever(piece: str) -> None:
    assert len(clauses(piece * 10_000)) <= MAX_CLAUSES


def test_a_comment_of_a_thousand_sentences_has_few_clauses_and_loses_nothing() -> None:
    text = "It was late. " * 3_000
    spans = clauses(text)
    assert len(spans) <= MAX_CLAUSES
    assert (spans[0][0], spans[-1][1]) == (0, len(text) - 1)


@given(st.text(alphabet="ab. ,;!?-but\u2026", max_size=80))
def test_clauses_are_in_order_and_lose_no_letter(text: str) -> None:
    spans = clauses(text)
    assert all(start < end for start, end in spans)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    letters = "".join(c for c in text if c.isalpha())
    kept = "".join(c for start, end in spans for c in text[start:end] if c.isalpha())
    assert kept == letters
