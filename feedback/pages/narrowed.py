"""What a view is narrowed to, in words."""

from __future__ import annotations

from feedback.pages.cause_words import CHANNELS
from feedback.pages.choices import Choices
from feedback.pages.languages import language
from feedback.reporting.scope import Filters


def narrowed(filters: Filters, choices: Choices) -> list[str]:
    """Each filter that is set: `segment Gold`, `by SMS`, `survey Delivery`, `in German`."""
    names = {kind: dict(listed) for kind, listed in choices.items()}
    found: list[str] = []
    if filters.segment:
        found.append(f"segment {names['segment'].get(filters.segment, filters.segment)}")
    if filters.channel:
        found.append(CHANNELS.get(filters.channel, filters.channel))
    if filters.survey:
        found.append(f"survey {names['survey'].get(filters.survey, filters.survey)}")
    if filters.language:
        found.append(f"in {language(filters.language)}")
    return found
