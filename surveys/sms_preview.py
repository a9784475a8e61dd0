"""Every SMS of a survey as a customer would get it, with what it takes to send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from surveys.answers import AnswerValue
from surveys.channels.segments import Segments, count, forcing
from surveys.channels.smart_encoding import to_gsm
from surveys.definition import SurveyDefinition
from surveys.flow_say import filled, prompt
from surveys.flow_types import Context, Farewell, State
from surveys.questions.registry import Question
from surveys.sms_text import first_sms, link_only_sms, say_by_sms

MOST_SEGMENTS = 2
_EXAMPLES = {
    "first_name": "Alexandra",
    "last_name": "Hamilton",
    "name": "Alexandra Hamilton",
    "order_id": "100234",
    "city": "Manchester",
}


class Examples(Mapping[str, object]):
    """A customer or an event of whom everything is known, by example."""

    def __getitem__(self, key: str) -> object:
        """An example of that name, or the name itself in words."""
        last = key.rsplit(".", 1)[-1]
        return _EXAMPLES.get(last, last.replace("_", " "))

    def __contains__(self, key: object) -> bool:
        """Whatever is asked for is there."""
        return True

    def __iter__(self) -> Iterator[str]:
        """None is listed, since any may be asked for."""
        return iter(())

    def __len__(self) -> int:
        """How many are listed."""
        return 0


@dataclass(frozen=True)
class PreviewedSms:
    """One SMS: the question it asks or the thanks it says, and the characters that cost."""

    name: str
    text: str
    counted: Segments
    forcing: tuple[str, ...]
    saved_by_replacing: int

    @property
    def too_long(self) -> bool:
        """Whether it takes more segments than a survey should."""
        return self.counted.segments > MOST_SEGMENTS


def preview(
    definition: SurveyDefinition,
    language: str,
    company: str,
    link: str,
    *,
    smart: bool,
    by_link: bool = False,
) -> list[PreviewedSms]:
    """The survey's SMS in one of its languages: each question in order, then each thanks.

    `by_link` is for a sender that nobody can reply to: the only SMS is the one with the link.
    """
    customer, event = Examples(), Examples()
    context = Context(company, customer, event, language=language, link=link)
    if by_link:
        named = definition.sender_name or company
        text = link_only_sms(_intro(definition, context), language, named, link)
        return [_previewed("link", text, smart)]
    answers = {one.key: _example(one, language) for one in definition.questions}
    asked = [
        _previewed(one.key, _asked(definition, one, State(one.key, answers), context, link), smart)
        for one in definition.questions
    ]
    state = State(answers=answers, finished=True)
    thanks = [
        say_by_sms(Farewell(filled(definition, one.text, state, context)), language)
        for one in definition.thanks
    ]
    names = ["thanks", *(f"thanks {place}" for place in range(2, len(thanks) + 1))]
    return [
        *asked,
        *(_previewed(name, text, smart) for name, text in zip(names, thanks, strict=True)),
    ]


def long_messages(
    definition: SurveyDefinition, company: str, link: str, *, smart: bool, by_link: bool = False
) -> Iterator[str]:
    """A sentence for each SMS that takes more than two segments, and why where it is UCS-2."""
    for language in definition.languages:
        for one in preview(definition, language, company, link, smart=smart, by_link=by_link):
            if one.too_long:
                because = f" (UCS-2 because of {', '.join(one.forcing)})" if one.forcing else ""
                yield (
                    f"survey {definition.key}: the SMS {one.name!r} ({language}) takes "
                    f"{one.counted.segments} segments{because}, each paid for as a message"
                )


def _asked(
    definition: SurveyDefinition, question: Question, state: State, context: Context, link: str
) -> str:
    said = prompt(definition, question, state, context)
    if question is not definition.questions[0]:
        return say_by_sms(said, context.language)
    said = replace(said, intro=_intro(definition, context))
    return first_sms(definition, said, context.language, link)


def _intro(definition: SurveyDefinition, context: Context) -> str | None:
    if definition.intro is None:
        return None
    return filled(definition, definition.intro, State(), context)


def _previewed(name: str, text: str, smart: bool) -> PreviewedSms:
    plain = to_gsm(text)
    sent = plain if smart else text
    counted = count(sent)
    saved = counted.segments - count(plain).segments
    return PreviewedSms(name, sent, counted, forcing(sent), saved)


def _example(question: Question, language: str) -> AnswerValue:
    """An answer to pipe into later questions: a good score, yes, the first choice."""
    options = question.options(language)
    if question.type == "yes_no":
        return True
    if question.type == "choice":
        return options[0].value
    return int(options[-1].value) if options else "the staff were kind"
