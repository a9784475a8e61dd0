"""A survey's WhatsApp templates as a customer would get them, filled in by example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from surveys.definition import SurveyDefinition
from surveys.flow import start
from surveys.flow_types import Context
from surveys.sms_preview import Examples
from surveys.whatsapp_templates import INVITATION, REMINDER, fill, template_for


@dataclass(frozen=True)
class PreviewedTemplate:
    """One template: what it is for, its id at the provider, and its words."""

    use: str
    language: str
    sid: str
    text: str


def preview_templates(
    stored: Mapping[str, Any] | None, definition: SurveyDefinition, company: str, link: str
) -> Iterator[PreviewedTemplate]:
    """Every template that the survey is set to, by language."""
    for language in definition.languages:
        context = Context(company, Examples(), Examples(), language, "whatsapp", link)
        say = start(definition, context).say
        for use in (INVITATION, REMINDER):
            template = template_for(stored, use, language)
            if template is not None:
                text = fill(template, definition, say, context, link).body
                yield PreviewedTemplate(use, language, template.sid, text)
