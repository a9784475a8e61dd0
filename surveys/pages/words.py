"""What the survey page itself says, by language; the survey's own texts come from its version."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from surveys.pages.translations import OTHERS
from surveys.wording import choose_language

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "yi", "dv", "ckb", "sd", "ug"})

ENGLISH: Mapping[str, str] = {
    "next": "Next",
    "skip": "Skip this question",
    "back": "Back",
    "change": "Change my answers",
    "saved": "Each answer is saved as you give it.",
    "position": "Question {place} of {total}",
    "position_at_most": "Question {place} of at most {total}",
    "error_title": "Please check:",
    "thanks": "Thank you",
    "thanks_done": "Your answers are saved. You can close this page.",
    "gone": "This survey has ended",
    "gone_kept": "The answers you already gave are kept. Thank you.",
    "gone_none": "It was open for a while, and that time is over. There is nothing you need to do.",
    "stop_link": "No more text messages",
    "stop": "No more text messages?",
    "stop_line": "{company} won't text you any more. What you answered is kept.",
    "stop_do": "Stop text messages",
    "stop_not": "Go on with the survey",
    "stopped": "You won't get any more text messages",
    "stopped_line": "{company} has noted it. You can close this page.",
    "stopped_do": "I didn't mean to: allow text messages",
    "missing": "We can't find this survey",
    "missing_mend": "The link may have been cut short. Please open it again from the message you "
    "received.",
    "missing_calm": "Nothing you answered before was lost.",
}
_TABLES: Mapping[str, Mapping[str, str]] = {
    "en": MappingProxyType(ENGLISH),
    **{tag: MappingProxyType({**ENGLISH, **table}) for tag, table in OTHERS.items()},
}
_LANGUAGES = tuple(_TABLES)


def words_for(language: str | None) -> Mapping[str, str]:
    """The page's own words; English where a language isn't written yet."""
    return _TABLES[choose_language(language, _LANGUAGES)]


def direction(language: str) -> str:
    """`rtl` for the scripts that run from right to left, else `ltr`."""
    return "rtl" if language.split("-", maxsplit=1)[0].lower() in RIGHT_TO_LEFT else "ltr"
