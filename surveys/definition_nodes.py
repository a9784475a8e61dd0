"""The questions of a definition as the way through it sees them, read leniently from raw data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from surveys.conditions import FilterError, parse_filter, tests
from surveys.questions.base import END, Problem, rules_of


@dataclass(frozen=True)
class Node:
    """A question as the way sees it: `exits` are where it may lead, `asks` what it looks at."""

    place: int
    key: str
    exits: tuple[tuple[str, str], ...]
    asks: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]


def conditions_of(raw: object, path: str) -> tuple[list[str], list[Problem]]:
    """The properties that a condition looks at, and what is wrong with it."""
    try:
        return [test.path for test in tests(parse_filter(raw, path))], []
    except FilterError as error:
        return [], [Problem(error.field or path, error.message, error.mend or "")]


def read_nodes(raw: object) -> list[Node]:
    """The questions whose key can be read, in order."""
    listed = list(raw) if isinstance(raw, list | tuple) else []
    keys = [question.get("key") if isinstance(question, Mapping) else None for question in listed]
    return [
        _node(place, listed[place], key, next((k for k in keys[place + 1 :] if k), END))
        for place, key in enumerate(keys)
        if isinstance(key, str)
    ]


def _node(place: int, question: Mapping[str, Any], key: str, following: object) -> Node:
    exits: list[tuple[str, str]] = []
    asks: list[tuple[str, str]] = []
    problems: list[Problem] = []
    raw = rules_of(question.get("next", ()))
    rules = raw if isinstance(raw, tuple) else ()
    for number, rule in enumerate(rules):
        here = f"questions[{place}].next[{number}]"
        if not isinstance(rule, Mapping) or not isinstance(rule.get("to"), str):
            continue
        exits.append((f"{here}.to", rule["to"]))
        if rule.get("if") is not None:
            paths, faults = conditions_of(rule["if"], f"{here}.if")
            asks += [(f"{here}.if", path) for path in paths]
            problems += faults
        elif number < len(rules) - 1:
            mend = "Put the rule without a condition last."
            problems.append(Problem(here, "hides the rules after it", mend))
    if not rules or "if" in (rules[-1] if isinstance(rules[-1], Mapping) else {}):
        exits.append((f"questions[{place}]", str(following)))
    return Node(place, key, tuple(exits), tuple(asks), tuple(problems))
