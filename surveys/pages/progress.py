"""How far a customer is: the number of this question, and of how many at most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from surveys.definition import END, Question, SurveyDefinition


@dataclass(frozen=True)
class Left:
    """How many questions are left, the shown one counted: at least and at most."""

    fewest: int
    most: int


# By content hash, which names the content: worked out once a version and process.
_known: dict[str, Mapping[str, Left]] = {}


def left(definition: SurveyDefinition, key: str) -> Left:
    """The questions left from this one on."""
    spans = _known.get(definition.content_hash)
    if spans is None:
        spans = _known[definition.content_hash] = _spans(definition)
    return spans[key]


def _spans(definition: SurveyDefinition) -> Mapping[str, Left]:
    following = [question.key for question in definition.questions[1:]] + [END]
    pairs = zip(definition.questions, following, strict=True)
    leads = {question.key: _targets(question, after) for question, after in pairs}
    spans = {END: Left(0, 0)}

    def visit(key: str) -> Left:
        if key not in spans:
            after = [visit(target) for target in leads[key]]
            fewest, most = min(one.fewest for one in after), max(one.most for one in after)
            spans[key] = Left(1 + fewest, 1 + most)
        return spans[key]

    for key in leads:
        visit(key)
    return spans


def _targets(question: Question, following: str) -> tuple[str, ...]:
    named = tuple(rule.to for rule in question.next)
    certain = any(rule.filter is None for rule in question.next)
    return named if certain else (*named, following)
