"""Checks of what a definition says: its schema in words, its texts, fields and languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from surveys.definition_nodes import conditions_of
from surveys.definition_texts import label_problems, text_problems
from surveys.questions.base import MAX_TEXT, Problem, farewells_of
from surveys.questions.registry import METRICS, QUESTION, TYPES, Question

_MENDS: Mapping[str, str] = {
    "missing": "Add it.",
    "extra_forbidden": "Take it out, or check its spelling.",
    "union_tag_not_found": f"Add type: one of {', '.join(TYPES)}.",
    "union_tag_invalid": f"Use one of {', '.join(TYPES)}.",
    "string_pattern_mismatch": "Use lower-case letters, digits and _, beginning with a letter.",
    "string_type": "Write a text, in quotes if it looks like a number.",
    "bool_type": "Write true or false.",
    "int_type": "Write a whole number.",
    "too_short": "Give at least one.",
    "too_long": "Give fewer.",
}


def schema_problems(error: ValidationError) -> Iterator[Problem]:
    """What pydantic found, each with its path and a mend."""
    for fault in error.errors(include_url=False, include_context=True, include_input=False):
        message = fault["msg"]
        what = message[:1].lower() + message[1:]
        mend = _MENDS.get(fault["type"]) or "Change it so that it fits."
        if fault["type"] == "string_pattern_mismatch" and fault["loc"][0] == "languages":
            mend = "Use a language tag such as en or pt-BR."
        yield Problem(_path(fault["loc"]), what, mend)


def content_problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the texts, the metric and each question's own settings."""
    readable = _readable(data)
    languages, keys = _languages(data), _keys(data)
    for place, question in readable.items():
        yield from _question_problems(f"questions[{place}]", question, languages, keys)
    yield from _metric_problems(data)
    intro = data.get("intro")
    if intro is not None:
        yield from text_problems("intro", intro, MAX_TEXT, languages, keys)
    yield from _thanks_problems(data.get("thanks"), languages, keys)


def _question_problems(
    path: str, question: Question, languages: Sequence[str], keys: Iterable[str]
) -> Iterator[Problem]:
    yield from text_problems(f"{path}.text", question.text, MAX_TEXT, languages, keys)
    for problem in question.problems(languages):
        yield Problem(f"{path}.{problem.path}", problem.what, problem.mend)
    for name, text, limit in question.texts():
        yield from text_problems(f"{path}.{name}", text, limit, languages, keys)
        yield from label_problems(f"{path}.{name}", text)


def _metric_problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    metric = data.get("metric")
    types = [question.get("type") for question in _listed(data)]
    if metric in METRICS and metric not in types:
        mend = f"Add a question of type {metric}, or take the metric out."
        yield Problem("metric", f"is {metric}, but no question measures it", mend)


def _thanks_problems(
    raw: object, languages: Sequence[str], keys: frozenset[str]
) -> Iterator[Problem]:
    listed = farewells_of(raw)
    said = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, tuple) else []
    for place, one in enumerate(said):
        path = f"thanks[{place}]"
        yield from text_problems(f"{path}.text", one.get("text"), MAX_TEXT, languages, keys)
        if one.get("if") is None:
            continue
        names, faults = conditions_of(one["if"], f"{path}.if")
        yield from faults
        for name in names:
            if name.split(".")[0] not in keys | {"customer", "event"}:
                mend = f"Use one of {', '.join(sorted(keys))}."
                yield Problem(f"{path}.if", f"looks at {name!r}, which is no question", mend)
    if said and said[-1].get("if") is not None:
        mend = "End the list with a text that has no condition."
        yield Problem("thanks", "leaves some customers without thanks", mend)


def _path(location: tuple[int | str, ...]) -> str:
    """`questions[0].text` from pydantic's location, without the union's own tags."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in _untagged(location)]
    return "".join(parts).removeprefix(".") or "survey"


def _untagged(location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    kept = location[:2] + location[3:] if location[2:3] and location[2] in TYPES else location
    return tuple(part for part in kept if part not in ("str", "dict[str,str]"))


def _listed(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    raw = data.get("questions")
    listed = raw if isinstance(raw, list | tuple) else ()
    return [question for question in listed if isinstance(question, Mapping)]


def _readable(data: Mapping[str, Any]) -> dict[int, Question]:
    """The questions that can be read by themselves, by place, whatever ails the others."""
    readable: dict[int, Question] = {}
    raw = data.get("questions")
    for place, question in enumerate(raw if isinstance(raw, list | tuple) else ()):
        try:
            readable[place] = QUESTION.validate_python(question)
        except ValidationError:
            continue
    return readable


def _languages(data: Mapping[str, Any]) -> tuple[str, ...]:
    raw = data.get("languages")
    if isinstance(raw, list | tuple) and raw and all(isinstance(one, str) for one in raw):
        return tuple(raw)
    return ("en",)


def _keys(data: Mapping[str, Any]) -> frozenset[str]:
    keys = (question.get("key") for question in _listed(data))
    return frozenset(key for key in keys if isinstance(key, str))
