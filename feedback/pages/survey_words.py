"""A survey as its customers meet it: each question's words on the page and by SMS."""

from __future__ import annotations

from dataclasses import dataclass, replace

from feedback.pages.words import condition
from surveys.channels.segments import Segments, count
from surveys.definition import END, Question, SurveyDefinition
from surveys.flow import Context, Prompt, State, start
from surveys.flow_say import prompt
from surveys.sms_text import say_by_sms


@dataclass(frozen=True)
class SpokenQuestion:
    """One question as it is said on the page and by SMS, and where it leads."""

    key: str
    type: str
    required: bool
    page: str
    options: tuple[str, ...]
    sms: str
    segments: Segments
    leads: tuple[str, ...]


def spoken(definition: SurveyDefinition, company: str) -> list[SpokenQuestion]:
    """The questions in order, to a customer of whom nothing is known."""
    context = Context(company=company, language=definition.default_language)
    intro = start(definition, context).say
    said = [_say(definition, question, context) for question in definition.questions]
    if isinstance(intro, Prompt):
        said[0] = replace(said[0], intro=intro.intro)
    return [_spoken(definition, one, first=place == 0) for place, one in enumerate(said)]


def _say(definition: SurveyDefinition, question: Question, context: Context) -> Prompt:
    return prompt(definition, question, State(current=question.key), context)


def _spoken(definition: SurveyDefinition, said: Prompt, *, first: bool) -> SpokenQuestion:
    question = said.question
    sms = say_by_sms(said, definition.default_language, first=first)
    return SpokenQuestion(
        key=question.key,
        type=question.type,
        required=question.required,
        page=" ".join(part for part in (said.intro, said.text) if part),
        options=tuple(option.label for option in said.options),
        sms=sms,
        segments=count(sms),
        leads=tuple(_leads(question)),
    )


def _leads(question: Question) -> list[str]:
    return [
        f"{'To the end' if rule.to == END else f'To {rule.to}'}"
        + (f" when {condition(rule.condition)}" if rule.condition else "")
        for rule in question.next
    ]
