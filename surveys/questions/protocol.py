"""The small protocol that every question type fulfils."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from surveys.answers import Reading
from surveys.questions.base import Option, Problem
from surveys.wording import LocalText


class QuestionType(Protocol):
    """What the flow engine and the channels ask of a question, whatever its type."""

    @property
    def required(self) -> bool:
        """Whether it must be answered to go on."""

    def problems(self, languages: Sequence[str]) -> Iterator[Problem]:
        """What is wrong with its own settings; paths are relative to the question."""

    def texts(self) -> Iterator[tuple[str, LocalText, int]]:
        """Its texts for people: relative path, text, longest length allowed."""

    def options(self, language: str) -> tuple[Option, ...]:
        """The answers to pick from, in order; empty where any words do."""

    def hint(self, language: str, asked: str = "") -> str:
        """How to answer by SMS, in one short sentence.

        Empty where nothing needs saying, or the question as it was `asked` says it.
        """

    def help(self, language: str, *, web: bool = False) -> str:
        """How to answer, with an example, for somebody whose reply was not understood."""

    def from_value(self, raw: object, language: str) -> Reading:
        """Read what a form or an API sent."""

    def from_reply(self, text: str, language: str, spoken: str) -> Reading:
        """Read what a person wrote by SMS.

        `language` is the one they were shown, `spoken` the one they are likely to answer in.
        """
