"""WhatsApp's templates: words that Meta approved, with places for a few of ours.

Outside the 24 hours after a customer's last message nothing else may be sent to them. A survey
holds templates by use and language as JSON: `{"invitation": {"en": {"sid": …, "text": …,
"variables": {"1": …}}}}`. The text is kept beside its id so that people see what was said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from surveys.channels.gateway import Content
from surveys.definition import SurveyDefinition
from surveys.flow_types import Context, Say
from surveys.language_pack import phrase
from surveys.whatsapp_text import in_one_line
from surveys.wording import render, tags

Use = Literal["invitation", "reminder"]
INVITATION: Use = "invitation"
REMINDER: Use = "reminder"
OWN_FIELDS = ("question", "link", "stop")
PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_OWN = re.compile(r"\{\s*(question|link|stop)\s*\}")
# no customer's value can hold these: what is not printable is taken out of it
_STAND_INS = {name: chr(0xE000 + place) for place, name in enumerate(OWN_FIELDS)}


@dataclass(frozen=True)
class Template:
    """One template at the provider: its id, its text with {{1}}, and what fills the places."""

    sid: str
    text: str
    variables: Mapping[str, str]


@dataclass(frozen=True)
class Filled:
    """A template with its places filled: the words a customer reads, and how they are asked for."""

    body: str
    content: Content


def template_for(stored: Mapping[str, Any] | None, use: Use, language: str) -> Template | None:
    """A survey's template for a use in a language or its base; never in another language."""
    written: Mapping[str, Any] = (stored or {}).get(use) or {}
    by_tag = {tag.lower(): one for tag, one in written.items()}
    found = next((by_tag[tag] for tag in tags(language) if tag in by_tag), None)
    return Template(found["sid"], found["text"], found["variables"]) if found else None


def fill(
    template: Template, definition: SurveyDefinition, say: Say, context: Context, link: str
) -> Filled:
    """The template as it goes to one customer."""
    language = definition.language_for(context.language)
    whole = {
        "question": in_one_line(say),
        "link": link,
        "stop": phrase("stop", language),
    }
    facts = {
        "company": definition.sender_name or context.company,
        "customer": context.customer,
        "event": context.event,
    }
    filled = {
        place: value_of(wording, facts, whole) for place, wording in template.variables.items()
    }
    body = PLACE.sub(lambda match: filled.get(match.group(1), match.group()), template.text)
    variables = json.dumps(filled, ensure_ascii=False, sort_keys=True)
    return Filled(body, Content(template.sid, variables))


def value_of(wording: str, facts: Mapping[str, object], whole: Mapping[str, str]) -> str:
    """What fills one place: our wording with its fields, on one line, as WhatsApp wants it."""
    marked = _OWN.sub(lambda match: _STAND_INS[match.group(1)], wording)
    said = render(marked, facts)
    for name, stand_in in _STAND_INS.items():
        said = said.replace(stand_in, whole[name])
    return " ".join(said.split())
