"""A survey's WhatsApp templates in a configuration file, checked as far as Meta's rules go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict
from pydantic import StringConstraints as Text

from feedback.api.schemas import refuse
from feedback.configuration.problems import Problem
from feedback.configuration.yaml_file import Path
from feedback.setting_checks import whatsapp_number
from surveys.definition import SurveyDefinition
from surveys.definition_texts import known_field
from surveys.language_pack import phrase
from surveys.whatsapp_templates import OWN_FIELDS, PLACE, value_of
from surveys.wording import fields, stray_brace

LONGEST = 1024
_SIDE_BY_SIDE = re.compile(rf"{PLACE.pattern}\s*{PLACE.pattern}")
_FIELDS = "Use company, question, link, stop, customer.first_name, customer.attributes.NAME, event."


def _keys_as_text(raw: object) -> object:
    """YAML reads the key 1 as a number."""
    if not isinstance(raw, Mapping):
        return raw
    return {str(key): value for key, value in raw.items()}


def _sender(number: str) -> str:
    try:
        return whatsapp_number(number)
    except ValueError as error:
        raise refuse("is no phone number", "Write it as +447700900000.") from error


WhatsAppSender = Annotated[str, AfterValidator(_sender)]


class TemplateIn(BaseModel):
    """One approved template: its id, its text as Twilio has it, and what fills {{1}}, {{2}}, …"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sid: Annotated[str, Text(pattern=r"^HX[0-9a-fA-F]{32}$")]
    text: Annotated[str, Text(min_length=1, max_length=LONGEST)]
    variables: Annotated[dict[str, str], BeforeValidator(_keys_as_text)] = {}


class WhatsAppIn(BaseModel):
    """A survey's templates by language: to ask with, and to remind or go on with after a day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    invitation: dict[str, TemplateIn] = {}
    reminder: dict[str, TemplateIn] = {}


def whatsapp_problems(
    given: WhatsAppIn | None, definition: SurveyDefinition, at: Path
) -> Iterator[Problem]:
    """Everything that would make Meta or a customer refuse a template."""
    for use, templates in (given.model_dump() if given else {}).items():
        for language, template in templates.items():
            here: Path = (*at, "whatsapp", use, language)
            if language not in definition.languages:
                mend = f"Use one of {', '.join(definition.languages)}, or take it out."
                yield Problem(here, f"{language!r} is no language of the survey", mend)
                continue
            yield from _text_problems(template, language, (*here, "text"))
            yield from _variable_problems(template, (*here, "variables"))


def whatsapp_notes(given: WhatsAppIn | None, definition: SurveyDefinition) -> Iterator[str]:
    """The languages in which nobody can be asked by WhatsApp, as no template is written in them."""
    if given is None:
        return
    for language in definition.languages:
        if language not in given.invitation:
            yield (
                f"note: survey {definition.key}: no WhatsApp template in {language}, "
                "so that nobody is asked by WhatsApp in it"
            )


def _text_problems(template: Mapping[str, Any], language: str, at: Path) -> Iterator[Problem]:
    text, variables = template["text"], template["variables"]
    bare = text.strip()
    if stray_brace(PLACE.sub("", text)) or fields(PLACE.sub("", text)):
        mend = "Write {{1}} as in Twilio's editor, and under variables what goes there."
        yield Problem(at, "has a brace that belongs to no place", mend)
    if re.match(PLACE, bare) or re.search(rf"{PLACE.pattern}$", bare):
        yield Problem(at, "begins or ends with a place", "Put a word there: Meta refuses it.")
    if _SIDE_BY_SIDE.search(text):
        yield Problem(at, "has two places side by side", "Put a word between: Meta refuses it.")
    for place in dict.fromkeys(PLACE.findall(text)):
        if place not in variables:
            mend = f"Add under variables {place}: {{company}}, or what belongs there."
            yield Problem(at, f"has a place {{{{{place}}}}} that nothing fills", mend)
    said = " ".join((text, *variables.values()))
    if "stop" not in said.casefold():
        way_out = phrase("stop", language)
        mend = f"End it with: {way_out}."
        yield Problem(at, "says nowhere how to stop", mend)


def _variable_problems(template: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    there = set(PLACE.findall(template["text"]))
    for place, wording in template["variables"].items():
        here: Path = (*at, place)
        if place not in there:
            mend = f"Take it out, or write {{{{{place}}}}} where it belongs."
            yield Problem(here, "the text has no such place", mend)
        if stray_brace(wording):
            mend = "Write fields as {customer.first_name|there}, and no other braces."
            yield Problem(here, "has a brace that belongs to no field", mend)
        for name in fields(wording):
            if name not in OWN_FIELDS and not known_field(name, frozenset()):
                yield Problem(here, f"{{{name}}} is an unknown field", f"{_FIELDS}NAME.")
        if not value_of(wording, {"company": "-"}, dict.fromkeys(OWN_FIELDS, "-")):
            mend = "Say what stands there then: {customer.first_name|there}."
            yield Problem(here, "may come to nothing, which WhatsApp refuses", mend)
