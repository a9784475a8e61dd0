from __future__ import annotations

import pytest

from surveys.channels.segments import count, is_gsm
from surveys.defaults import METRICS, Metric, default_data, default_definition
from surveys.flow import Again, Context, Farewell, Prompt, Reply, advance, start
from surveys.language_pack import LANGUAGES, own_pack, phrase

LONGEST_COMPANY = Context(company="Twenty Letters Ltd..")


@pytest.mark.parametrize("metric", METRICS)
def test_the_first_message_fits_one_segment(metric: Metric) -> None:
    say = start(default_definition(metric), LONGEST_COMPANY).say
    assert isinstance(say, Prompt)
    assert say.text.startswith(LONGEST_COMPANY.company)
    sms = f"{say.text} {say.hint} {phrase('stop', 'en')}."
    assert count(sms).encoding == "GSM-7"
    assert count(sms).segments == 1, len(sms)


@pytest.mark.parametrize("metric", METRICS)
def test_score_then_why_then_thanks(metric: Metric) -> None:
    definition = default_definition(metric)
    step = advance(
        definition, start(definition, LONGEST_COMPANY).state, Reply("2"), LONGEST_COMPANY
    )
    assert isinstance(step.say, Prompt)
    assert step.say.question.type == "text"
    assert count(step.say.text).segments == 1
    step = advance(definition, step.state, Reply("too slow"), LONGEST_COMPANY)
    assert isinstance(step.say, Farewell)
    assert "sorry" in step.say.text
    assert count(step.say.text).segments == 1


def test_the_happy_are_thanked_without_regret() -> None:
    definition = default_definition("csat")
    step = advance(
        definition, start(definition, LONGEST_COMPANY).state, Reply("5 great"), LONGEST_COMPANY
    )
    assert isinstance(step.say, Farewell)
    assert "sorry" not in step.say.text


def test_default_data_is_a_fresh_copy_with_the_key_asked_for() -> None:
    data = default_data("nps", "after_checkout")
    data["questions"].clear()
    assert default_definition("nps", "after_checkout").key == "after_checkout"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_everything_that_english_does(language: str) -> None:
    own, english = own_pack(language).phrases, own_pack("en").phrases
    assert set(own) == set(english)
    for key, text in english.items():
        by_sms = not key.startswith("web.") and key not in ("yes", "no")
        assert not by_sms or is_gsm(own[key]), (key, own[key])
        assert own[key].count("{") == text.count("{"), key
    assert own_pack(language).yes and own_pack(language).no
    assert set(own_pack(language).numbers.values()) >= set(range(11))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("metric", METRICS)
def test_help_comes_in_the_surveys_language_by_channel(metric: Metric, language: str) -> None:
    data = default_data(metric)
    data["languages"] = [language]
    definition = default_definition(metric)
    for channel in ("sms", "web"):
        context = Context(company="x", language=language, channel=channel)  # type: ignore[arg-type]
        step = advance(definition, start(definition, context).state, Reply("??"), context)
        assert isinstance(step.say, Again)
        assert step.say.text
