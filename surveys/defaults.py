"""The survey to begin with, for each metric: the score, then why, then thanks.

English, and short: with a company's name of up to 20 letters, the first message and how to opt
out fit into one SMS segment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from surveys.definition import SurveyDefinition, parse_definition

Metric = Literal["nps", "csat", "ces"]
METRICS: tuple[Metric, ...] = ("nps", "csat", "ces")


@dataclass(frozen=True)
class _Wording:
    """What differs between the metrics; `unhappy` is the highest score that calls for regret."""

    name: str
    settings: Mapping[str, Any]
    question: str
    why: str
    unhappy: Mapping[str, Any]


_WORDINGS: Mapping[Metric, _Wording] = {
    "nps": _Wording(
        name="Would you recommend us?",
        settings={"type": "nps", "low_label": "not likely", "high_label": "very likely"},
        question="{company}: how likely are you to recommend us to a friend?",
        why="Thank you. What is the main reason for your score?",
        unhappy={"score": {"lte": 6}},
    ),
    "csat": _Wording(
        name="How satisfied were you?",
        settings={"type": "csat"},
        question="{company}: how satisfied are you with how it went?",
        why="Thank you. What made you choose that score?",
        unhappy={"score": {"lte": 3}},
    ),
    "ces": _Wording(
        name="Did we make it easy?",
        settings={
            "type": "ces",
            "direction": "higher_is_better",
            "low_label": "disagree",
            "high_label": "agree",
        },
        question="{company}: do you agree that we made it easy for you?",
        why="Thank you. What made it easy or hard?",
        unhappy={"score": {"lte": 4}},
    ),
}

_REGRET = "Thank you for telling us. We're sorry it fell short, and we will use what you said."
_THANKS = "Thank you, {customer.first_name|that helps}. We read every answer."


def default_data(metric: Metric, key: str | None = None) -> dict[str, Any]:
    """The default survey of a metric as plain data, to store, to show or to change."""
    wording = _WORDINGS[metric]
    return {
        "key": key or metric,
        "name": wording.name,
        "metric": metric,
        "languages": ["en"],
        "questions": [
            {"key": "score", "text": wording.question, **wording.settings},
            {"key": "why", "type": "text", "text": wording.why},
        ],
        "thanks": [{"if": dict(wording.unhappy), "text": _REGRET}, {"text": _THANKS}],
    }


def default_definition(metric: Metric, key: str | None = None) -> SurveyDefinition:
    """The default survey of a metric, ready to publish; `key` is the metric where not given."""
    return parse_definition(default_data(metric, key))
