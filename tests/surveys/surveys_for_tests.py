"""Definitions and a context that several tests share."""

from __future__ import annotations

from typing import Any

from surveys.definition import SurveyDefinition, parse_definition
from surveys.flow import Context

CONTEXT = Context(
    company="Harbour Lamps",
    customer={"first_name": "Ada", "attributes": {"tier": "gold"}},
    event={"order_id": "A-17", "total": 30},
)


def branching() -> dict[str, Any]:
    """Every question type, two branches that meet again."""
    return {
        "key": "visit",
        "name": "Your visit",
        "metric": "nps",
        "questions": [
            {
                "key": "score",
                "type": "nps",
                "text": "{company}: recommend us?",
                "next": [{"if": {"score": {"lte": 6}}, "to": "solved"}, {"to": "why"}],
            },
            {"key": "solved", "type": "yes_no", "text": "Is it solved?"},
            {
                "key": "cause",
                "type": "choice",
                "text": "What was it?",
                "choices": ["Delivery", "Price", "Something else"],
                "next": [{"if": {"solved": True}, "to": "end"}],
            },
            {"key": "why", "type": "text", "text": "Why {answer.score}?"},
            {
                "key": "ease",
                "type": "ces",
                "direction": "higher_is_better",
                "text": "We made it easy.",
                "required": False,
            },
        ],
        "thanks": [
            {"if": {"score": {"lte": 6}}, "text": "Sorry, {customer.first_name|there}."},
            {"text": "Thank you."},
        ],
    }


def survey(data: dict[str, Any] | None = None) -> SurveyDefinition:
    return parse_definition(data or branching())
