"""What to say at a step: the question, the same once more with help, or thanks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from surveys.answers import AnswerValue, Reason
from surveys.channels.addresses import TALKS
from surveys.conditions import matches
from surveys.definition import SurveyDefinition
from surveys.flow_route import condition_facts
from surveys.flow_types import Again, Context, Farewell, Prompt, Say, State
from surveys.language_pack import phrase
from surveys.link_field import place_link
from surveys.questions.registry import Question
from surveys.questions.text import MAX_WORDS
from surveys.wording import LocalText, in_language, render


def say(definition: SurveyDefinition, state: State, context: Context) -> Say:
    """The open question; thanks where none is open."""
    question = definition.by_key.get(state.current or "")
    if question is not None:
        return prompt(definition, question, state, context)
    facts = condition_facts(state, context)
    fitting = (
        one.text for one in definition.thanks if one.filter is None or matches(one.filter, facts)
    )
    return Farewell(filled(definition, next(fitting, ""), state, context))


def prompt(
    definition: SurveyDefinition, question: Question, state: State, context: Context
) -> Prompt:
    """One question with its fields filled in, in the customer's language."""
    language = definition.language_for(context.language)
    # without its link, whose digits are no ends of a scale
    asked = filled(definition, question.text, state, replace(context, link=None))
    text = filled(definition, question.text, state, context) if context.link else asked
    return Prompt(
        question=question,
        text=text,
        hint=question.hint(language, asked) if context.channel in TALKS else "",
        options=question.options(language),
    )


def again(
    definition: SurveyDefinition,
    state: State,
    question: Question,
    reason: Reason,
    context: Context,
) -> Again:
    """The question once more, with help that suits the channel and an example."""
    language = definition.language_for(context.language)
    if reason is Reason.TOO_LONG:
        text = phrase("again.too_long", language).format_map({"limit": MAX_WORDS})
    elif context.channel == "web":
        text = question.help(language, web=True)
    elif reason is Reason.WISH:
        text = f"{phrase('noted', language)} {question.help(language)}"
    elif reason is Reason.REQUIRED:
        text = f"{phrase('again.required', language)} {question.help(language)}"
    else:
        text = f"{phrase('sorry', language)} {question.help(language)}"
    return Again(prompt(definition, question, state, context), reason, text)


def filled(definition: SurveyDefinition, text: LocalText, state: State, context: Context) -> str:
    """A text in the customer's language with its fields filled in."""
    language = definition.language_for(context.language)
    words = in_language(text, language, definition.default_language)
    if "{" not in words:
        return words.strip()
    words = place_link(words, context.link)
    return render(words, _facts(definition, state, context, language))


def _facts(
    definition: SurveyDefinition, state: State, context: Context, language: str
) -> Mapping[str, object]:
    answers = {
        key: _shown(definition.by_key[key], value, language)
        for key, value in state.answers.items()
        if key in definition.by_key
    }
    return {
        "company": definition.sender_name or context.company,
        "customer": context.customer,
        "event": context.event,
        "answer": answers,
    }


def _shown(question: Question, value: AnswerValue, language: str) -> str:
    """An answer as its options word it."""
    if isinstance(value, bool):
        return phrase("yes" if value else "no", language)
    labels = {option.value: option.label for option in question.options(language)}
    many = value if isinstance(value, tuple) else (str(value),)
    return ", ".join(labels.get(one, one) for one in many)
