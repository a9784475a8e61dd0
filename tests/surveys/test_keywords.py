from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.keywords import Keyword, keyword, wants_to_stop
from surveys.language_pack import LANGUAGES

# A table that anybody may add to: what is a wish that messages end, and what only sounds so.
with (Path(__file__).parent / "data" / "stop_sentences.csv").open(encoding="utf-8") as file:
    SENTENCES = [
        (row["language"], row["stop"] == "yes", row["text"]) for row in csv.DictReader(file)
    ]
TWILIO_STOPS = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"]
FCC_REVOCATIONS = ["stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe"]


@pytest.mark.parametrize("text", [*TWILIO_STOPS, *FCC_REVOCATIONS])
def test_the_words_that_twilio_and_the_law_name_stop(text: str) -> None:
    assert keyword(text) is Keyword.STOP


@pytest.mark.parametrize(("language", "wish", "text"), SENTENCES)
def test_a_sentence_is_a_wish_to_stop_or_only_sounds_so(
    language: str, wish: bool, text: str
) -> None:
    assert wants_to_stop(text, language) is wish


def test_the_sentences_are_of_both_kinds_in_every_language() -> None:
    for one in LANGUAGES:
        kinds = [wish for language, wish, _ in SENTENCES if language == one]
        assert min(kinds.count(True), kinds.count(False)) >= 10


@pytest.mark.parametrize(
    "text",
    [
        "STOP",
        "stop",
        " Stop. ",
        "STOP!!!",
        "“stop”",
        "STOPALL",
        "stop all",
        "UNSUBSCRIBE",
        "cancel",
        "END",
        "quit",
        "REVOKE",
        "OPTOUT",
        "opt-out",
        "Opt out",
        "STOP STOP",
        "ARRET",
        "arrêt",
        "Stopp",
        "Abmelden",
        "cancelar",
        "annulla",
        "sair",
        "\uff33\uff34\uff2f\uff30",
        "stop\n",
    ],
)
def test_stop_and_its_kin_stop_in_every_language(text: str) -> None:
    assert keyword(text) is Keyword.STOP
    assert keyword(text, "fr-CA") is Keyword.STOP
    assert wants_to_stop(text)


@pytest.mark.parametrize(
    ("text", "language"), [("alto", "es-MX"), ("fin", "fr"), ("Ende", "de"), ("basta", "it")]
)
def test_words_of_other_meaning_stop_only_at_home(text: str, language: str) -> None:
    assert keyword(text, language) is Keyword.STOP
    assert keyword(text, "en") is None


@pytest.mark.parametrize("text", ["START", "unstop", "Start!", "opt in"])
def test_start(text: str) -> None:
    assert keyword(text) is Keyword.START


@pytest.mark.parametrize("text", ["HELP", "info", "Help?", "AIDE", "hilfe", "ayuda"])
def test_help(text: str) -> None:
    assert keyword(text) is Keyword.HELP


@pytest.mark.parametrize(
    "text",
    [
        "YES",
        "yes please",
        "no",
        "9",
        "",
        "   ",
        "!!!",
        "the bus stop",
        "stop being so slow",
        "help me find it",
        "never stop",
        "cancel my order",
        "the end",
        "start again tomorrow",
    ],
)
def test_answers_are_no_keywords(text: str) -> None:
    assert keyword(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "please stop texting me",
        "Stop sending me messages!",
        "don't text me again",
        "pls stop",
        "Please STOP",
        "stop please",
        "unsubscribe me",
        "take me off your list",
        "leave me alone",
        "I want to opt out",
        "no more texts",
        "do not contact me",
        "I want to unsubscribe",
        "stop it",
        "arrêtez de m'envoyer des sms",
        "no me escriban más",
        "keine SMS mehr bitte",
        "don\u2019t text me",
        "remove my number",
        "1 - and stop texting me",
        "fuck off",
    ],
)
def test_wishes_to_stop_are_heard(text: str) -> None:
    assert wants_to_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        "the bus stop was dirty",
        "9 - don't stop!",
        "the driver didn't stop",
        "you should stop it",
        "please stop sending broken parcels",
        "no more delays please",
        "I had to cancel",
        "enough",
        "cannot stop smiling",
        "quit my job",
        "",
        "stop leaving parcels in the rain",
    ],
)
def test_other_stopping_is_no_wish(text: str) -> None:
    assert not wants_to_stop(text)


@given(st.text(), st.text(max_size=6))
def test_any_text_is_read(text: str, language: str) -> None:
    assert keyword(text, language) in (None, *Keyword)
    assert wants_to_stop(text, language) in (True, False)
