"""Wishes to be contacted are told from what only sounds so, and are no answers."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from surveys_for_tests import CONTEXT, branching, survey

from surveys.answers import NotUnderstood, Reason
from surveys.contact_wishes import wants_contact, without_wishes
from surveys.flow import Again, Prompt, Remark, Reply, State, advance
from surveys.keywords import wants_to_stop
from surveys.language_pack import LANGUAGES, own_pack
from surveys.reply_reading import read_reply

DATA = Path(__file__).parent / "data"


def sentences(name: str) -> list[tuple[str, bool, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return [
            (row["language"], row["contact"] == "yes", row["text"]) for row in csv.DictReader(file)
        ]


# A table that anybody may add to; the other one was written before anything read it, and is
# measured, not tuned by.
TABLE = sentences("contact_sentences.csv")
HELD_OUT = sentences("contact_held_out.csv")
SURVEY = survey()
QUESTIONS = SURVEY.by_key


@pytest.mark.parametrize(("language", "wish", "text"), TABLE)
def test_a_sentence_is_a_wish_or_only_sounds_so(language: str, wish: bool, text: str) -> None:
    assert wants_contact(text) is wish


def test_sentences_nobody_tuned_by_are_told_apart() -> None:
    wrong = [text for _, wish, text in HELD_OUT if wants_contact(text) is not wish]
    assert len(HELD_OUT) >= 60 and {language for language, _, _ in HELD_OUT} == set(LANGUAGES)
    assert len(wrong) <= 2, wrong


def test_no_wish_is_a_stop() -> None:
    wishes = [text for _, wish, text in [*TABLE, *HELD_OUT] if wish]
    assert not [text for text in wishes if wants_to_stop(text)]
    assert wants_to_stop("Do not contact me again")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_lists(language: str) -> None:
    known = own_pack(language)
    assert known.contact_wishes and known.contact_asks and known.contact_things
    assert known.contact_between and known.contact_denied and known.contact_first


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    rest, wish = without_wishes(text)
    assert wants_contact(text) or not wish or wants_contact(wish)
    assert len(rest) + len(wish) <= 2 * len(text) + 4


@pytest.mark.parametrize(
    ("text", "value", "comment"),
    [
        ("2, please call me", 2, "please call me"),
        ("Call me back on 020 7946 0018 - 3", 3, "Call me back on 020 7946 0018"),
        ("9 great. Could somebody ring me?", 9, "great, Could somebody ring me"),
    ],
)
def test_a_score_beside_a_wish_is_read_and_the_wish_kept(
    text: str, value: int, comment: str
) -> None:
    read = read_reply(QUESTIONS["score"], text, "en", "en")
    assert (getattr(read, "value", read), getattr(read, "comment", "")) == (value, comment)


@pytest.mark.parametrize("text", ["call me at 9", "ruft mich bitte um 8 an", "Ring me after 5 pls"])
@pytest.mark.parametrize("key", ["score", "ease"])
def test_no_value_is_taken_from_a_wish(text: str, key: str) -> None:
    assert read_reply(QUESTIONS[key], text, "en", "en") == NotUnderstood(Reason.WISH)


def test_a_wish_is_no_yes_and_may_be_a_choice() -> None:
    yes_no: Any = QUESTIONS["solved"]
    assert read_reply(yes_no, "yes please call me", "en", "en") == NotUnderstood(Reason.WISH)
    read = read_reply(yes_no, "No, please call me", "en", "en")
    assert (getattr(read, "value", read), getattr(read, "comment", "")) == (False, "please call me")
    data = branching()
    data["questions"][2]["choices"] = ["Call me back", "Write to me"]
    ways = survey(data).by_key["cause"]
    assert getattr(read_reply(ways, "call me back", "en", "en"), "value", None) == "call_me_back"


def test_a_wish_is_kept_at_once_and_the_question_asked_again_kindly() -> None:
    step = advance(SURVEY, State(), Reply("can somebody call me"), CONTEXT)
    assert isinstance(step.say, Again) and "passed on" in step.say.text
    assert "didn't understand" not in step.say.text and "0 to 10" in step.say.text
    assert [(one.question, one.value, one.comment) for one in step.saved] == [
        ("score", None, "can somebody call me")
    ]
    then = advance(SURVEY, step.state, Reply("2"), CONTEXT)
    assert isinstance(then.say, Prompt)
    assert [(one.value, one.comment) for one in then.saved] == [(2, "can somebody call me")]


def test_a_short_wish_stays_with_the_answer_after_it() -> None:
    step = advance(SURVEY, State(), Reply("call me"), CONTEXT)
    then = advance(SURVEY, step.state, Reply("2 rude driver"), CONTEXT)
    assert [(one.value, one.comment) for one in then.saved] == [(2, "call me\nrude driver")]


def test_a_wish_right_after_an_answer_leaves_its_value() -> None:
    step = advance(SURVEY, State(), Reply("2"), CONTEXT)
    then = advance(SURVEY, step.state, Remark("call me at 9"), CONTEXT)
    assert [(one.question, one.value, one.comment) for one in then.saved] == [
        ("score", 2, "call me at 9")
    ]


def test_who_only_asks_to_be_called_is_not_asked_for_ever() -> None:
    state, texts = State(), ("call me", "please call me", "can somebody call me")
    for text in texts:
        step = advance(SURVEY, state, Reply(text), CONTEXT)
        state = step.state
    assert state.current != "score"
    assert step.saved[0].comment == "\n".join(texts)
