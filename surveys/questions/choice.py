"""A question with given answers: one of them, or several."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import BeforeValidator

from surveys.answers import NotUnderstood, Parsed, Reading, Reason
from surveys.language_pack import phrase
from surveys.questions.base import MAX_LABEL, Key, Option, Part, Problem, QuestionBase
from surveys.replies.parse import parse_reply
from surveys.wording import LocalText, in_language

MAX_CHOICES = 20


class Choice(Part):
    """One answer: a stable key, and its words by language."""

    key: Key
    text: LocalText


def _choices(raw: object) -> object:
    """A plain text is short for a choice whose key is made from it."""
    if not isinstance(raw, list | tuple):
        return raw
    return tuple(
        {"key": _slug(one, place), "text": one} if isinstance(one, str) else one
        for place, one in enumerate(raw, 1)
    )


def _slug(text: str, place: int) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:60]
    return words if words[:1].isalpha() else f"option_{place}"


class ChoiceQuestion(QuestionBase):
    """Answered by the key of a choice; by a tuple of keys where `multiple` is set."""

    type: Literal["choice"]
    choices: Annotated[tuple[Choice, ...], BeforeValidator(_choices)]
    multiple: bool = False

    def problems(self, languages: Sequence[str]) -> Iterator[Problem]:
        """Too few or too many choices, and two that can't be told apart."""
        if not 2 <= len(self.choices) <= MAX_CHOICES:
            yield Problem(
                "choices", f"holds {len(self.choices)}", f"Give 2 to {MAX_CHOICES} choices."
            )
        for key in _doubles([choice.key for choice in self.choices]):
            yield Problem("choices", f"uses the key {key!r} twice", "Give each choice its own key.")
        for language in languages:
            labels = [label.casefold().strip() for label in self.labels(language, languages[0])]
            for label in _doubles(labels):
                yield Problem("choices", f"says {label!r} twice", "Word each choice differently.")

    def texts(self) -> Iterator[tuple[str, LocalText, int]]:
        """The words of each choice."""
        for place, choice in enumerate(self.choices):
            yield f"choices[{place}].text", choice.text, MAX_LABEL

    def labels(self, language: str, default: str = "en") -> list[str]:
        """The choices as people read them."""
        return [in_language(choice.text, language, default) for choice in self.choices]

    def options(self, language: str) -> tuple[Option, ...]:
        """The choices in order; by SMS their number is their place."""
        labels = self.labels(language, language)
        return tuple(
            Option(choice.key, label) for choice, label in zip(self.choices, labels, strict=True)
        )

    def hint(self, language: str, asked: str = "") -> str:
        """Answer by number."""
        return phrase("choices" if self.multiple else "choice", language)

    def help(self, language: str, *, web: bool = False) -> str:
        """Answer by number, with an example."""
        kind = "choices" if self.multiple else "choice"
        return phrase(f"{'web' if web else 'again'}.{kind}", language)

    def from_value(self, raw: object, language: str) -> Reading:
        """The key of a choice, or a list of keys where several may be picked."""
        picked = [raw] if isinstance(raw, str) else raw
        if not isinstance(picked, list | tuple) or not picked:
            return NotUnderstood(Reason.NO_ANSWER)
        if len(picked) > 1 and not self.multiple:
            return NotUnderstood(Reason.AMBIGUOUS)
        chosen = tuple(choice.key for choice in self.choices if choice.key in picked)
        if len(chosen) != len({str(one) for one in picked}):
            return NotUnderstood(Reason.UNKNOWN_OPTION)
        return Parsed(chosen if self.multiple else chosen[0])

    def from_reply(self, text: str, language: str, spoken: str) -> Reading:
        """The number, letter or words of a choice."""
        labels = self.labels(language, language)
        keys = dict(zip(labels, (choice.key for choice in self.choices), strict=True))
        read = parse_reply(text, "choice", labels, spoken, multiple=self.multiple)
        if isinstance(read, NotUnderstood):
            return read
        if isinstance(read.value, tuple):
            return Parsed(tuple(keys[label] for label in read.value), read.comment)
        return Parsed(keys[str(read.value)], read.comment)


def _doubles(values: list[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]
