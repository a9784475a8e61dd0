"""Checks of a definition's texts: length, languages, and fields that somebody can fill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from surveys.link_field import has_link, link_faults
from surveys.questions.base import Problem
from surveys.wording import fields, missing_languages, stray_brace

CUSTOMER_FIELDS = ("first_name", "last_name", "name", "locale", "timezone")


def text_problems(
    path: str, text: object, limit: int, languages: Sequence[str], keys: Iterable[str]
) -> Iterator[Problem]:
    """An empty or overlong text, a missing language, a field that nobody could fill."""
    if not isinstance(text, str | dict):
        return
    for language in missing_languages(text, languages):
        yield Problem(path, f"is not written in {language!r}", f"Add {language}: ...")
    for words in [text] if isinstance(text, str) else text.values():
        if isinstance(words, str):
            yield from _words_problems(path, words, limit, frozenset(keys))
    for language in () if isinstance(text, str) else text:
        if language not in languages:
            mend = "Add it to languages, or take it out."
            yield Problem(path, f"is written in {language!r}, not a language of the survey", mend)


def _words_problems(path: str, words: str, limit: int, keys: frozenset[str]) -> Iterator[Problem]:
    if not words.strip():
        yield Problem(path, "is empty", "Write a text.")
    if len(words) > limit:
        yield Problem(path, f"has {len(words)} characters", f"Keep it to {limit}.")
    if stray_brace(words):
        mend = "Write fields as {customer.first_name|there}, and no other braces."
        yield Problem(path, "has a brace that belongs to no field", mend)
    for name in fields(words):
        if not known_field(name, keys):
            yield Problem(path, f"{{{name}}} is an unknown field", _field_mend(keys))
    for fault, mend in link_faults(words):
        yield Problem(path, fault, mend)


def label_problems(path: str, label: object) -> Iterator[Problem]:
    """A link in the words of an answer, which are the same by SMS and on the page."""
    written = label.values() if isinstance(label, dict) else [label]
    if any(isinstance(words, str) and has_link(words) for words in written):
        yield Problem(path, "has {link}, which no answer can bring", "Put it in the question.")


def known_field(name: str, keys: frozenset[str]) -> bool:
    """Whether somebody can fill a field; `keys` are the questions whose answers it may name."""
    root, _, rest = name.partition(".")
    if root == "customer":
        return rest in CUSTOMER_FIELDS or rest.startswith("attributes.")
    if root == "answer":
        return rest in keys
    return name in ("company", "link") or (root == "event" and bool(rest))


def _field_mend(keys: frozenset[str]) -> str:
    own = ", ".join(f"customer.{field}" for field in CUSTOMER_FIELDS)
    answers = "".join(f", answer.{key}" for key in sorted(keys))
    return f"Use company, link, {own}, customer.attributes.NAME, event.NAME{answers}."
