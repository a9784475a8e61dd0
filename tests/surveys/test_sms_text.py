from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pytest
from surveys_for_tests import CONTEXT, branching, survey

from surveys.channels.segments import count
from surveys.flow import Again, Prompt, Reply, advance, start
from surveys.keywords import keyword
from surveys.language_pack import LANGUAGES, phrase
from surveys.sms_text import Service, first_sms, link_only_sms, say_by_sms, service_text

LINK = "https://" + "h" * 20 + "/s/aB3dE5gH7"
COMPANY = "Twenty Letters Ltd.."


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_sms_brings_the_link_on_a_line_where_the_survey_says_so(language: str) -> None:
    plain, wanted = survey(), survey({**branching(), "sms_link": "first"})
    say = start(plain, replace(CONTEXT, link=LINK)).say
    assert LINK not in first_sms(plain, say, language, LINK)
    lines = first_sms(wanted, say, language, LINK).split("\n")
    assert lines[1].endswith(f" {LINK}") and len(LINK) <= 40
    assert lines[2] == f"{phrase('stop', language)}."
    assert len(lines[1]) <= 65


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_brings_company_link_and_way_out_in_one_segment(language: str) -> None:
    text = link_only_sms(None, language, COMPANY, LINK)
    assert (count(text).encoding, count(text).segments) == ("GSM-7", 1), text
    assert text.startswith(COMPANY) and text.count(LINK) == 1
    assert "STOP" not in text and text.endswith(f"{phrase('link_only.stop', language)}.")


def test_a_name_says_the_survey_s_own_intro_and_whose_it_is() -> None:
    text = link_only_sms("Thanks for your order.", "en", "Shop", LINK)
    assert text.startswith("Shop: Thanks for your order.\n")
    text = link_only_sms(f"SHOP here. Two questions: {LINK}", "en", "Shop", LINK)
    assert text.startswith("SHOP here.") and text.count(LINK) == 1


def test_the_link_stands_once_where_the_question_has_it() -> None:
    data = {**branching(), "sms_link": "first", "intro": "Two questions. [On the web: {link}]"}
    definition = survey(data)
    say = start(definition, replace(CONTEXT, link=LINK)).say
    assert first_sms(definition, say, "en", LINK).count(LINK) == 1


def test_only_the_first_sms_has_the_line() -> None:
    definition = survey({**branching(), "sms_link": "first"})
    context = replace(CONTEXT, link=LINK)
    step = advance(definition, start(definition, context).state, Reply("9"), context)
    assert isinstance(step.say, Prompt)
    assert LINK not in say_by_sms(step.say, "en", link=LINK)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_not_understood_gets_the_link_in_the_same_segment(language: str) -> None:
    context = replace(CONTEXT, language=language, link=LINK)
    definition = survey({**branching(), "languages": [language]})
    step = advance(definition, start(definition, context).state, Reply("what is it"), context)
    assert isinstance(step.say, Again)
    text = say_by_sms(step.say, language, link=LINK)
    assert text.endswith(LINK)
    assert (count(text).encoding, count(text).segments) == ("GSM-7", 1), text


def test_the_digits_of_a_link_are_no_ends_of_a_scale() -> None:
    data = branching()
    data["questions"][0]["text"] = "Recommend us? {link}"
    say = start(survey(data), replace(CONTEXT, link="https://h.example/s/0a10b")).say
    assert isinstance(say, Prompt)
    assert "0a10b" in say.text and say.hint.startswith("Reply 0 ")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", get_args(Service))
def test_a_service_sentence_names_the_company_in_one_segment(key: Service, language: str) -> None:
    text = service_text(key, (language,), COMPANY)
    assert text.startswith(COMPANY)
    assert (count(text).encoding, count(text).segments) == ("GSM-7", 1), text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("key", "wishes"), [("stop", ["start", "help"]), ("start", ["stop", "help"])]
)
def test_the_words_to_reply_with_are_understood(
    key: Service, wishes: list[str], language: str
) -> None:
    named = re.findall(r"\b[A-Z]{4,}\b", service_text(key, (language,), "x"))
    assert [keyword(word, "en") for word in named] == wishes


def test_help_says_how_to_stop_in_every_language() -> None:
    assert all("STOP" in service_text("help", (language,), "x") for language in LANGUAGES)


@pytest.mark.parametrize(
    ("locales", "said"),
    [
        (("de-AT", "fr-FR"), "abgemeldet"),
        (("pl-PL", "fr-FR"), "désinscription"),
        ((None, "pt-BR"), "cancelamento"),
        (("pl", "cs"), "unsubscribed"),
    ],
)
def test_the_customers_language_counts_then_the_workspaces(
    locales: tuple[str | None, str], said: str
) -> None:
    assert said in service_text("stop", locales, "x")
