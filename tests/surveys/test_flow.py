from __future__ import annotations

import pytest
from surveys_for_tests import CONTEXT, branching, survey

from surveys.answers import Reason
from surveys.definition import SurveyDefinition
from surveys.flow import (
    Again,
    Context,
    Farewell,
    Input,
    Prompt,
    Reply,
    Saved,
    Skip,
    State,
    Step,
    Value,
    advance,
    current,
    route,
    start,
)


def play(
    definition: SurveyDefinition, *inputs: Input | str, context: Context = CONTEXT
) -> tuple[Step, list[Saved]]:
    step, saved = start(definition, context), []
    for given in inputs:
        typed = Reply(given) if isinstance(given, str) else given
        step = advance(definition, step.state, typed, context)
        saved += step.saved
    return step, saved


def asked(step: Step) -> str:
    assert isinstance(step.say, Prompt)
    return step.say.question.key


def test_the_first_question_comes_filled_in_with_its_hint() -> None:
    step = start(survey(), CONTEXT)
    assert isinstance(step.say, Prompt)
    assert step.say.text == "Harbour Lamps: recommend us?"
    assert "0" in step.say.hint and "10" in step.say.hint
    assert step.state.current == "score"


def test_the_intro_stands_before_the_first_question_only() -> None:
    definition = survey({**branching(), "intro": "Hello {customer.first_name}"})
    first = start(definition, CONTEXT)
    assert isinstance(first.say, Prompt)
    assert first.say.intro == "Hello Ada"
    second = advance(definition, first.state, Reply("9"), CONTEXT)
    assert isinstance(second.say, Prompt)
    assert second.say.intro is None


def test_a_happy_customer_goes_by_why_to_thanks() -> None:
    step, saved = play(survey(), "9", "the people", "7")
    assert saved == [Saved("score", 9), Saved("why", "the people"), Saved("ease", 7)]
    assert step.state.finished
    assert step.say == Farewell("Thank you.")


def test_an_unhappy_customer_takes_the_other_branch() -> None:
    step, _ = play(survey(), "3", "yes", "price")
    assert step.say == Farewell("Sorry, Ada.")
    assert route(survey(), step.state, CONTEXT) == (("score", "solved", "cause"), None)


def test_a_later_answer_decides_where_to_go() -> None:
    step, _ = play(survey(), "3", "no", "price")
    assert asked(step) == "why"


def test_a_comment_with_the_score_is_saved_and_why_is_not_asked() -> None:
    step, saved = play(survey(), "9 - great staff")
    assert saved == [Saved("score", 9, "great staff")]
    assert asked(step) == "ease"


def test_a_question_that_must_be_asked_is_asked_in_spite_of_a_comment() -> None:
    data = branching()
    data["questions"][3]["asks_why"] = False
    step, _ = play(survey(data), "9 - great staff")
    assert asked(step) == "why"


def test_an_answer_may_be_shown_in_a_later_question() -> None:
    step, _ = play(survey(), "9")
    assert isinstance(step.say, Prompt)
    assert step.say.text == "Why 9?"


def test_a_misread_reply_is_asked_again_kindly_with_an_example() -> None:
    step, saved = play(survey(), "dunno")
    assert isinstance(step.say, Again)
    assert step.say.reason is Reason.NO_ANSWER
    assert "for example" in step.say.text
    assert saved == []
    assert step.state.current == "score"


def test_after_two_more_tries_the_words_are_kept_and_the_flow_goes_on() -> None:
    step, saved = play(survey(), "your driver was rude", "I told you", "eh")
    assert saved == [Saved("score", None, "your driver was rude\nI told you\neh")]
    assert step.state.misses == 0
    assert asked(step) == "ease"  # the words stand for the why
    assert "score" not in step.state.answers


def test_three_empty_replies_leave_nothing_to_keep() -> None:
    step, saved = play(survey(), "", " ", "\n")
    assert saved == []
    assert asked(step) == "why"


def test_a_remark_before_the_score_becomes_its_comment() -> None:
    step, saved = play(survey(), "5 minutes late again", "4")
    assert saved == [Saved("score", 4, "5 minutes late again")]
    assert asked(step) == "solved"


def test_a_slip_before_the_score_does_not() -> None:
    _, saved = play(survey(), "55", "5")
    assert saved == [Saved("score", 5)]


def test_misses_count_anew_for_each_question() -> None:
    step, _ = play(survey(), "eh", "eh", "3", "eh", "eh")
    assert isinstance(step.say, Again)
    assert step.state.current == "solved"


def test_skip_passes_an_optional_question_by_word_and_by_button() -> None:
    for skip in ("skip", Skip(), Skip("ease"), Value("ease", "")):
        step, saved = play(survey(), "9", "good", skip)
        assert step.state.finished
        assert saved[-1] == Saved("why", "good")


def test_a_required_question_cannot_be_skipped() -> None:
    step, _ = play(survey(), Skip())
    assert isinstance(step.say, Again)
    assert step.say.reason is Reason.REQUIRED
    assert step.state.misses == 0


def test_words_after_the_end_belong_to_no_question() -> None:
    step, saved = play(survey(), "9 - good", "7", "oh, and the box was torn")
    assert step.leftover == "oh, and the box was torn"
    assert step.state.finished
    assert len(saved) == 2


def test_a_web_answer_may_be_revised_and_the_old_way_is_kept_but_not_followed() -> None:
    web = Context(company="x", channel="web")
    step, saved = play(
        survey(), Value("score", "3"), Value("solved", "yes"), Value("score", "10"), context=web
    )
    assert saved == [Saved("score", 3), Saved("solved", True), Saved("score", 10)]
    assert asked(step) == "why"
    assert step.state.answers["solved"] is True
    back = advance(survey(), step.state, Value("score", "2"), web)
    assert asked(back) == "cause"


def test_finishing_on_the_web_what_began_by_sms() -> None:
    step, _ = play(survey(), "9")
    web = Context(company="Harbour Lamps", channel="web")
    moved = current(survey(), State.from_json(step.state.to_json()), web)
    assert asked(moved) == "why"
    done = advance(survey(), moved.state, Value("why", "the lamp"), web)
    assert done.saved == (Saved("why", "the lamp"),)


@pytest.mark.parametrize("value", ["11", "x", "-1", 3.5, True, ["9"], {"a": 1}, "9" * 400])
def test_a_wrong_web_value_is_told_and_not_counted(value: object) -> None:
    web = Context(company="x", channel="web")
    step, saved = play(survey(), *[Value("score", value)] * 4, context=web)
    assert isinstance(step.say, Again)
    assert saved == []
    assert step.say.text == "Choose a number from 0 to 10."


def test_a_web_value_for_no_question_changes_nothing() -> None:
    step, saved = play(survey(), Value("nothing", "9"))
    assert asked(step) == "score"
    assert saved == []


def test_overlong_words_from_the_web_are_refused_with_the_limit() -> None:
    step, _ = play(survey(), Value("score", 9), Value("why", "x" * 10_001))
    assert isinstance(step.say, Again)
    assert "10000" in step.say.text


def test_a_second_pass_after_giving_up_takes_the_answer() -> None:
    step, _ = play(survey(), "eh?", "eh?", "eh?")
    again = advance(survey(), step.state, Value("score", 9), CONTEXT)
    assert again.state.answers["score"] == 9
    assert "score" not in again.state.passed
    assert again.saved == (Saved("score", 9, "eh?\neh?\neh?"),)


def test_an_input_before_the_start_counts_for_the_first_question() -> None:
    step = advance(survey(), State(), Reply("9"), CONTEXT)
    assert step.saved == (Saved("score", 9),)


def test_a_multiple_choice_answer_survives_json() -> None:
    data = branching()
    data["questions"][2]["multiple"] = True
    step, saved = play(survey(data), "2", "no", "1 and 3")
    assert saved[-1] == Saved("cause", ("delivery", "something_else"))
    state = State.from_json(step.state.to_json())
    assert state == step.state


def test_questions_come_in_the_customers_language_and_labels_in_the_surveys() -> None:
    data = branching()
    data["languages"] = ["de", "en"]
    for question in data["questions"]:
        question["text"] = {"en": question["text"], "de": "DE " + question["text"]}
    data["questions"][2]["choices"] = [
        {"key": "a", "text": {"en": "Delivery", "de": "Lieferung"}},
        {"key": "b", "text": {"en": "Price", "de": "Preis"}},
    ]
    data["thanks"] = {"de": "Danke", "en": "Thanks"}
    definition = survey(data)
    french = Context(company="x", language="fr-CA")
    step, saved = play(definition, "2", "non", "preis", context=french)
    assert saved == [Saved("score", 2), Saved("solved", False), Saved("cause", "b")]
    assert isinstance(step.say, Prompt)
    assert step.say.text.startswith("DE ")
