from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError
from surveys_for_tests import branching, survey

from models.errors import InvalidInput
from surveys.definition import DefinitionError, parse_definition

EXAMPLES = Path(__file__).parents[2] / "examples" / "surveys"
Data = dict[str, Any]


def problems(change: Callable[[Data], object]) -> list[str]:
    data = copy.deepcopy(branching())
    change(data)
    with pytest.raises(DefinitionError) as caught:
        parse_definition(data)
    for problem in caught.value.problems:
        assert problem.path and problem.what and problem.mend
    return [str(problem) for problem in caught.value.problems]


def test_a_definition_survives_json_with_its_hash() -> None:
    first = survey()
    again = parse_definition(json.loads(json.dumps(first.to_json())))
    assert again == first
    assert again.content_hash == first.content_hash


def test_the_hash_knows_content_and_not_its_spelling() -> None:
    spelled_out = branching()
    spelled_out["questions"][0]["required"] = True
    spelled_out["languages"] = ["en"]
    assert survey(spelled_out).content_hash == survey().content_hash
    other = branching()
    other["questions"][1]["text"] = "Is it solved now?"
    assert survey(other).content_hash != survey().content_hash


def test_a_definition_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        survey().name = "other"  # type: ignore[misc]


def change_next(place: int, rules: object) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        data["questions"][place]["next"] = rules

    return change


def change_question(place: int, **fields: object) -> Callable[[Data], None]:
    return lambda data: data["questions"][place].update(fields)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (change_next(3, "score"), "loops: score -> "),
        (change_next(1, "solved"), "loops: solved -> solved"),
        (change_next(0, [{"to": "nowhere"}]), "leads to 'nowhere', which is no question"),
        (change_next(0, "ease"), "'why' is never asked"),
        (change_next(0, [{"to": "solved"}, {"to": "why"}]), "hides the rules after it"),
        (change_next(0, [{"if": {"ease": 1}, "to": "why"}]), "isn't answered by then"),
        (change_next(0, [{"if": {"score": {"gt": "x"}}, "to": "why"}]), "gt can't use 'x'"),
        (change_next(0, [{"if": {"score": {"above": 3}}, "to": "why"}]), "is not an operator"),
        (change_question(1, key="score"), "'score' is used twice"),
        (change_question(1, key="end"), "'end' is a reserved word"),
        (change_question(1, key="Solved It"), "should match pattern"),
        (change_question(1, text="Hello {customer.phone}"), "{customer.phone} is an unknown field"),
        (change_question(1, text="Hello {order"), "a brace that belongs to no field"),
        (change_question(1, text="Why {answer.nothing}?"), "{answer.nothing} is an unknown field"),
        (change_question(1, text=" "), "is empty"),
        (change_question(1, text="x" * 481), "has 481 characters"),
        (change_question(1, text={"de": "Hallo"}), "is not written in 'en'"),
        (change_question(1, text={"en": "Hi", "de": "Hallo"}), "not a language of the survey"),
        (change_question(1, type="stars"), "type"),
        (change_question(1, choices=["a", "b"]), "extra inputs are not permitted"),
        (change_question(2, choices=["Only one"]), "holds 1"),
        (change_question(2, choices=["Same", "same"]), "twice"),
        (change_question(2, choices=[f"c{i}" for i in range(21)]), "holds 21"),
        (change_question(4, direction=None), "direction"),
        (change_question(4, scale=50), "scale"),
        (change_question(0, low_label="bad"), "high_label: is missing"),
        (lambda data: data.update(metric="csat"), "no question measures it"),
        (lambda data: data.update(thanks=[{"if": {"score": 1}, "text": "x"}]), "without thanks"),
        (lambda data: data.update(thanks=[{"if": {"sco": 1}, "text": "x"}, {"text": "y"}]), "sco"),
        (lambda data: data.update(languages=["english"]), "languages"),
        (lambda data: data.update(questions=[]), "questions"),
        (lambda data: data.update(colour="red"), "colour"),
        (
            change_question(1, text="Solved? {links}"),
            "{links} is an unknown field. Use company, link,",
        ),
        (change_question(1, text="Say it at {link}"), "breaks off on the page"),
        (change_question(2, choices=["At {link}", "b"]), "choices[0].text: has {link}"),
        (change_question(0, low_label="x {link}", high_label="y"), "low_label: has {link}"),
        (lambda data: data.update(thanks="See {link}"), "thanks[0].text: breaks off on the page"),
        (lambda data: data.update(sms_link="last"), "sms_link: input should be 'first'"),
        (lambda data: data.pop("thanks"), "thanks: field required"),
        (lambda data: data.update(intro="{event}"), "{event} is an unknown field"),
    ],
)
def test_a_faulty_definition_says_what_and_how_to_mend_it(
    change: Callable[[Data], object], said: str
) -> None:
    assert any(said in problem for problem in problems(change))


def test_the_direction_of_effort_is_never_guessed() -> None:
    found = problems(lambda data: data["questions"][4].pop("direction"))
    assert found == ["questions[4].direction: field required. Add it."]


def test_everything_wrong_is_told_at_once() -> None:
    def spoil(data: Data) -> None:
        data["name"] = ""
        data["questions"][0]["next"] = "nowhere"
        data["questions"][1]["text"] = "{nobody}"
        data["questions"][2]["choices"] = ["One"]
        data["questions"][4]["direction"] = "up"

    found = "\n".join(problems(spoil))
    for place in ("name", "questions[0].next", "questions[1].text", "[2].choices", "direction"):
        assert place in found


def test_branches_that_meet_again_are_no_loop() -> None:
    assert len(survey().questions) == 5


@pytest.mark.parametrize("data", [None, [], "text", {}, {"questions": "x"}, {"questions": [1]}])
def test_what_is_no_definition_is_refused_in_words(data: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_definition(data)
    assert "problem" in str(caught.value)


def test_a_missing_translation_names_the_language() -> None:
    data = branching()
    data["languages"] = ["en", "fr"]
    with pytest.raises(DefinitionError) as caught:
        parse_definition(data)
    missing = [p for p in caught.value.problems if "not written in 'fr'" in p.what]
    assert len(missing) == 10  # five questions, three choices, two farewells


def test_the_examples_are_sound() -> None:
    files = sorted(EXAMPLES.glob("*.yaml"))
    assert len(files) >= 3
    for file in files:
        for data in yaml.safe_load(file.read_text(encoding="utf-8"))["surveys"]:
            data.pop("quarantine_days", None)
            definition = parse_definition(data)
            assert parse_definition(definition.to_json()) == definition
