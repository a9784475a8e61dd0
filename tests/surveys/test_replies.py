from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reply_table import Row, right, rows, score

from models.errors import InvalidInput
from surveys.answers import NotUnderstood, Parsed, Reason
from surveys.language_pack import LANGUAGES
from surveys.replies.parse import parse_reply

ROWS = rows()
TYPES = ("nps", "csat", "ces", "yes_no", "choice", "text")
CHOICES = ("Delivery", "Price", "Product quality")
# Pieces that real replies are made of, so that hypothesis comes near them.
PIECES = st.sampled_from(
    [
        *["9", "10", "0", "11", "7-8", "9/10", "8.5", "nine", "ten", "one", "-5", "5", "minutes"],
        *["late", "out", "of", "stars", "yes", "no", "yes/no", "maybe", "great", "staff", "and"],
        *["-", ",", ".", "!", "?", "(", ")", "\u00a3", "#", "%", "or", "delivery", "price", "a"],
        *["b", "2)", "not", "sorry", "\U0001f44d", "\uff19", "9\ufe0f\u20e3", "\u00bd", "\u2461"],
        *["{company}", "\x00", "\ud800", "s\u00ed", "nueve", "\u0669", "\u202e"],
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=12).map(" ".join))


@pytest.mark.parametrize(
    "row", [row for row in ROWS if not row.held_out], ids=lambda row: f"{row.type}:{row.text}"
)
def test_each_tuned_reply_is_read(row: Row) -> None:
    assert right(row), parse_reply(row.text, row.type, row.choices, row.language)


def test_held_out_replies_are_read_nearly_as_well() -> None:
    held = [row for row in ROWS if row.held_out]
    assert len(held) >= 125
    assert score(held) >= 0.97


def test_settled_reasons_are_given() -> None:
    known = set(Reason)
    for row in ROWS:
        read = parse_reply(row.text, row.type, row.choices, row.language)
        if row.error in known and not row.held_out:
            assert read == NotUnderstood(Reason(row.error)), row.text


@given(TEXTS, st.sampled_from(TYPES), st.sampled_from([*LANGUAGES, "pt-BR", "xx", ""]))
@settings(deadline=None, max_examples=400)
def test_any_text_is_read_without_error_and_within_the_scale(
    text: str, question_type: str, language: str
) -> None:
    read = parse_reply(text, question_type, CHOICES, language)
    if isinstance(read, NotUnderstood):
        return
    bounds = {"nps": range(11), "csat": range(1, 6), "ces": range(1, 8)}
    if question_type in bounds:
        assert type(read.value) is int
        assert read.value in bounds[question_type]
    elif question_type == "yes_no":
        assert isinstance(read.value, bool)
    elif question_type == "choice":
        assert read.value in CHOICES
    assert read.comment is None or read.comment.strip() == read.comment != ""


@given(TEXTS)
@settings(deadline=None, max_examples=200)
def test_a_comment_is_made_of_the_customers_own_characters(text: str) -> None:
    read = parse_reply(text, "nps")
    if isinstance(read, Parsed) and read.comment:
        assert set(read.comment) <= set(text) | {" "}


@pytest.mark.parametrize("score_", range(11))
@pytest.mark.parametrize("form", ["{}", "{}/10", "{} out of 10", "I'd say {}", "{} - fine by me"])
def test_every_score_is_read_in_every_form(score_: int, form: str) -> None:
    read = parse_reply(form.format(score_), "nps")
    assert isinstance(read, Parsed)
    assert read.value == score_


def test_a_score_needs_its_own_scale() -> None:
    assert parse_reply("8/10", "csat", scale=(1, 10)) == Parsed(8)
    assert isinstance(parse_reply("8/10", "csat"), NotUnderstood)


def test_labels_follow_the_direction_of_the_scale() -> None:
    assert parse_reply("very satisfied", "csat") == Parsed(5)
    assert parse_reply("very satisfied", "csat", reverse=True) == Parsed(1)
    assert isinstance(parse_reply("strongly agree", "ces", reverse=True), NotUnderstood)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 3", ("Delivery", "Product quality")),
        ("3,1", ("Delivery", "Product quality")),
        ("1 and 2", ("Delivery", "Price")),
        ("delivery and price", ("Delivery", "Price")),
        ("2", ("Price",)),
        ("a, c", ("Delivery", "Product quality")),
    ],
)
def test_several_choices_where_several_may_be_picked(text: str, value: tuple[str, ...]) -> None:
    read = parse_reply(text, "choice", CHOICES, multiple=True)
    assert isinstance(read, Parsed)
    assert read.value == value


def test_one_unknown_among_several_choices_is_asked_again() -> None:
    assert isinstance(parse_reply("1, 9", "choice", CHOICES, multiple=True), NotUnderstood)


def test_a_number_that_is_a_choice_and_another_ones_place_is_ambiguous() -> None:
    choices = ("3", "2", "1")
    assert parse_reply("3", "choice", choices) == NotUnderstood(Reason.AMBIGUOUS)
    assert parse_reply("2", "choice", choices) == Parsed("2")


def test_a_text_is_kept_as_it_was_written() -> None:
    assert parse_reply("  “Great”\n9 \u2013 yes  ", "text") == Parsed("“Great”\n9 \u2013 yes")


def test_a_comment_keeps_its_typography() -> None:
    said = "it\u2019s “great” \u2013 really"
    assert parse_reply(f"9 \u2013 {said}", "nps") == Parsed(9, said)


@pytest.mark.parametrize(("kind", "choices"), [("stars", ()), ("choice", ("one",))])
def test_a_question_that_cannot_be_is_refused(kind: str, choices: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_reply("9", kind, choices)
    assert caught.value.field in ("type", "choices")
    assert caught.value.mend


def test_a_very_long_reply_is_read_quickly_enough_to_answer() -> None:
    assert parse_reply("9 " + "good " * 5000, "nps") is not None
    assert parse_reply("1 " * 5000, "nps") is not None
