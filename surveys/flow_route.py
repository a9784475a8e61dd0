"""The way that a customer's answers take through a survey."""

from __future__ import annotations

from collections.abc import Mapping

from surveys.conditions import matches
from surveys.definition import END, Question, SurveyDefinition
from surveys.flow_types import Context, State


def route(
    definition: SurveyDefinition, state: State, context: Context
) -> tuple[tuple[str, ...], str | None]:
    """The questions behind the customer, in order, and the open one (None at the end)."""
    behind: list[str] = []
    question: Question | None = definition.questions[0]
    while question is not None and question.key not in behind:
        if not _settled(question, behind[-1] if behind else None, state):
            return tuple(behind), question.key
        behind.append(question.key)
        question = _following(definition, question, state, context)
    return tuple(behind), None


def condition_facts(state: State, context: Context) -> Mapping[str, object]:
    """What conditions may look at: the answers, the customer and the event."""
    return {**state.answers, "customer": context.customer, "event": context.event}


def _settled(question: Question, before: str | None, state: State) -> bool:
    """Answered, passed, or made needless by the words that came with the answer before."""
    if question.key in state.answers or question.key in state.passed:
        return True
    return question.covered_by_comment and before is not None and before in state.comments


def _following(
    definition: SurveyDefinition, question: Question, state: State, context: Context
) -> Question | None:
    facts = condition_facts(state, context) if question.next else {}
    for rule in question.next:
        if rule.filter is None or matches(rule.filter, facts):
            return None if rule.to == END else definition.by_key[rule.to]
    place = definition.places[question.key] + 1
    return definition.questions[place] if place < len(definition.questions) else None
