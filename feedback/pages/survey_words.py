"""A survey as its customers meet it: each question's words on the page and by SMS."""

from __future__ import annotations

from dataclasses import dataclass, replace

from feedback.pages.words import condition
from surveys.channels.segments import Segments, count
from surveys.channels.smart_encoding import to_gsm
from surveys.definition import END, Question, SurveyDefinition
from surveys.flow import Context, Prompt, State, start
from surveys.flow_say import prompt
from surveys.sms_text import first_sms, say_by_sms


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


def spoken(
    definition: SurveyDefinition, company: str, link: str, *, smart: bool = False
) -> list[SpokenQuestion]:
    """The questions in order, to a customer of whom nothing is known but this link."""
    language = definition.default_language
    page = Context(company=company, language=language, channel="web")
    sms = Context(company=company, language=language, link=link)
    said = zip(_said(definition, page), _said(definition, sms), strict=True)
    return [
        _spoken(shown, _sent(_sms(definition, texted, link, first=place == 0), smart))
        for place, (shown, texted) in enumerate(said)
    ]


def _said(definition: SurveyDefinition, context: Context) -> list[Prompt]:
    said = [
        prompt(definition, question, State(current=question.key), context)
        for question in definition.questions
    ]
    opening = start(definition, context).say
    if isinstance(opening, Prompt):
        said[0] = replace(said[0], intro=opening.intro)
    return said


def _sms(definition: SurveyDefinition, said: Prompt, link: str, *, first: bool) -> str:
    language = definition.default_language
    return first_sms(definition, said, language, link) if first else say_by_sms(said, language)


def _sent(text: str, smart: bool) -> str:
    return to_gsm(text) if smart else text


def _spoken(shown: Prompt, sms: str) -> SpokenQuestion:
    question = shown.question
    return SpokenQuestion(
        key=question.key,
        type=question.type,
        required=question.required,
        page=" ".join(part for part in (shown.intro, shown.text) if part),
        options=tuple(option.label for option in shown.options),
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
