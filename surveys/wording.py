"""Wording: customer and event fields filled into text, and the choice of language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

LocalText = str | dict[str, str]

MAX_FIELD = 60
_NAME = r"[A-Za-z_]\w*(?:\.\w[\w-]*)*"
_FIELD = re.compile(r"\{\s*(" + _NAME + r")\s*(?:\|([^{}]*))?\}")
_SPACES = re.compile(r"[ \t]{2,}")
_GAP_BEFORE_MARK = re.compile(r" +([,.;:!?])")


def fields(text: str) -> tuple[str, ...]:
    """The names of the fields that a text asks for, in order."""
    return tuple(match.group(1) for match in _FIELD.finditer(text))


def stray_brace(text: str) -> bool:
    """Whether a brace is left over that belongs to no well-formed field."""
    rest = _FIELD.sub("", text)
    return "{" in rest or "}" in rest


def lookup(facts: Mapping[str, object], path: str) -> object | None:
    """The value at a dotted path of nested mappings; a key that holds dots itself wins."""
    if path in facts:
        return facts[path]
    head, _, rest = path.partition(".")
    inner = facts.get(head)
    if rest and isinstance(inner, Mapping):
        return lookup(inner, rest)
    return None


def render(text: str, facts: Mapping[str, object]) -> str:
    """Fill `{name}` and `{name|fallback}` from facts; what is missing becomes its fallback.

    Values are put in as they are and never expanded again, so that a customer named
    `{event.secret}` stays just that.
    """
    emptied = False

    def fill(match: re.Match[str]) -> str:
        nonlocal emptied
        value = _shown(lookup(facts, match.group(1))) or (match.group(2) or "").strip()
        emptied = emptied or not value
        return value

    filled = _FIELD.sub(fill, text)
    if not emptied:
        return filled.strip()
    return _GAP_BEFORE_MARK.sub(r"\1", _SPACES.sub(" ", filled)).strip()


def _shown(value: object | None) -> str:
    """A field's value as one short line; nested data and truth values aren't for a sentence."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    whole = isinstance(value, float) and value.is_integer()
    words = str(int(value) if whole else value)
    line = "".join(char if char.isprintable() else " " for char in words)
    return " ".join(line.split())[:MAX_FIELD]


def choose_language(preferred: str | None, available: Sequence[str]) -> str:
    """The best of the available languages: itself, then its base, then a sister, then the first.

    `pt-BR` takes `pt-BR`, else `pt`, else `pt-PT`, else the default (the first available).
    """
    return _chosen(preferred, tuple(available))


@lru_cache(maxsize=4096)
def _chosen(preferred: str | None, available: tuple[str, ...]) -> str:
    wanted = tags(preferred)
    by_tag = {tag.lower(): tag for tag in available}
    for tag in wanted:
        if tag in by_tag:
            return by_tag[tag]
    base = wanted[-1] if wanted else ""
    sisters = (tag for lower, tag in by_tag.items() if base and lower.split("-")[0] == base)
    return next(sisters, available[0])


def tags(language: str | None) -> tuple[str, ...]:
    """A language tag and its ever more general forms: `zh-Hant-TW`, `zh-Hant`, `zh`."""
    parts = (language or "").replace("_", "-").lower().split("-")
    return tuple("-".join(parts[:size]) for size in range(len(parts), 0, -1) if parts[0])


def in_language(text: LocalText, language: str, default: str) -> str:
    """One text in the language asked for, falling back to its base and to the default."""
    if isinstance(text, str):
        return text
    if not text:
        return ""
    order = [default, *(tag for tag in text if tag != default)]
    return text[choose_language(language, [tag for tag in order if tag in text])]


def missing_languages(text: LocalText, languages: Sequence[str]) -> tuple[str, ...]:
    """The declared languages in which a text isn't written; a plain text is in the first."""
    written: Iterable[str] = languages[:1] if isinstance(text, str) else text
    have = set(written)
    return tuple(language for language in languages if language not in have)
