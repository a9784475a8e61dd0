"""What Waymark knows of each language: its own phrases and the words of people's replies.

One YAML file a language under `languages/`; a further language is a further file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from surveys.replies.text import plain
from surveys.wording import choose_language

LANGUAGES = ("en", "es", "fr", "de", "it", "pt")
_FILES = Path(__file__).parent / "languages"


@dataclass(frozen=True)
class Pack:
    """One language's words, all in plain form (see surveys.reply_text.plain).

    The files under `languages/` show by example what each list is for.
    """

    language: str
    phrases: Mapping[str, str]
    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    csat5: Mapping[str, int]
    ces7: Mapping[str, int]
    careful_numbers: frozenset[str]
    halves: frozenset[str]
    joins: frozenset[str]
    about: frozenset[str]
    intensifiers: frozenset[str]
    out_of: frozenset[str]
    lead: frozenset[str]
    weak_before: frozenset[str]
    not_before: frozenset[str]
    units: frozenset[str]
    scale_units: frozenset[str]
    also_scores: frozenset[str]
    fillers: frozenset[str]
    correct: frozenset[str]
    between: frozenset[str]
    negation: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    unsure: frozenset[str]
    yes_no_runs_on: frozenset[str]
    yes_no_lead: frozenset[str]
    options: frozenset[str]
    one_of_them: frozenset[str]
    both: frozenset[str]
    skip: frozenset[str]
    stop: frozenset[str]
    stop_here: frozenset[str]
    stop_everything: frozenset[str]
    start: frozenset[str]
    help: frozenset[str]
    stop_plainly: frozenset[str]
    stop_wishes: frozenset[str]
    stop_acts: frozenset[str]
    stop_between: frozenset[str]
    stop_things: frozenset[str]
    stop_asks: frozenset[str]
    stop_leaves: frozenset[str]
    stop_removes: frozenset[str]
    stop_removed: frozenset[str]
    stop_denied: frozenset[str]
    stop_last: frozenset[str]
    stop_bare_wishes: frozenset[str]
    stop_politeness: frozenset[str]
    contact_wishes: frozenset[str]
    contact_asks: frozenset[str]
    contact_between: frozenset[str]
    contact_things: frozenset[str]
    contact_denied: frozenset[str]
    contact_first: frozenset[str]
    contact_after: frozenset[str]
    contact_bare: frozenset[str]
    contact_politeness: frozenset[str]

    @cached_property
    def rules(self) -> frozenset[str]:
        """The first words of all that may mean STOP, START or HELP: most replies hold none."""
        whole = (self.stop, self.stop_here, self.stop_everything, self.start, self.help)
        wishes = (self.stop_plainly, self.stop_wishes, self.stop_last, self.stop_bare_wishes)
        acts = (self.stop_acts, self.stop_asks, self.stop_removes)
        listed = (*whole, *wishes, *acts)
        return frozenset(phrase.partition(" ")[0] for phrases in listed for phrase in phrases)


def pack(language: str | None) -> Pack:
    """The words of a language and of English beside it; English alone where it isn't known."""
    return _with_english(choose_language(language, LANGUAGES))


def own_pack(language: str) -> Pack:
    """The words of exactly one of LANGUAGES."""
    return _load(language)


def load_packs() -> None:
    """Read the words of all languages now: it takes a fifth of a second that no customer waits."""
    for language in LANGUAGES:
        _with_english(language)


def phrase(key: str, language: str | None) -> str:
    """One of Waymark's own sentences, in English where the language isn't known."""
    return _load(choose_language(language, LANGUAGES)).phrases[key]


@cache
def _with_english(language: str) -> Pack:
    own, english = _load(language), _load("en")
    if language == "en":
        return english
    merged: dict[str, Any] = {"language": language, "phrases": own.phrases}
    for field in fields(Pack):
        ours, theirs = getattr(own, field.name), getattr(english, field.name)
        if isinstance(ours, frozenset):
            merged[field.name] = ours | theirs
        elif field.name not in merged:
            merged[field.name] = {**theirs, **ours}
    return Pack(**merged)


@cache
def _load(language: str) -> Pack:
    source = _FILES / f"{language}.yaml"
    raw: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    read: dict[str, Any] = {"language": language, "phrases": raw["phrases"]}
    for name in ("numbers", "ordinals"):
        read[name] = _numbered(raw[name])
    for name in ("csat5", "ces7"):
        read[name] = _labels(raw[name])
    for field in fields(Pack):
        if field.name not in read:
            read[field.name] = frozenset(plain(word) for word in _split(raw.get(field.name, "")))
    return Pack(**read)


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _numbered(text: str) -> dict[str, int]:
    pairs = (part.rsplit("=", 1) for part in _split(text))
    return {plain(word): int(number) for word, number in pairs}


def _labels(text: str) -> dict[str, int]:
    """The words of a labelled scale's points, lowest first; `|` parts words of one point."""
    points = enumerate(_split(text), 1)
    return {plain(word): point for point, words in points for word in words.split("|")}
