"""A question with two answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from surveys.answers import NotUnderstood, Parsed, Reading, Reason
from surveys.language_pack import phrase
from surveys.questions.base import Option, Problem, QuestionBase
from surveys.replies.parse import parse_reply
from surveys.wording import LocalText

_FORM: Mapping[str, bool] = {"yes": True, "true": True, "no": False, "false": False}


class YesNoQuestion(QuestionBase):
    """Answered by true or false."""

    type: Literal["yes_no"]

    def problems(self, languages: Sequence[str]) -> Iterator[Problem]:
        """Nothing of its own can be wrong."""
        return iter(())

    def texts(self) -> Iterator[tuple[str, LocalText, int]]:
        """No texts of its own."""
        return iter(())

    def options(self, language: str) -> tuple[Option, ...]:
        """Yes and no, in the customer's language."""
        return Option("yes", phrase("yes", language)), Option("no", phrase("no", language))

    def hint(self, language: str, asked: str = "") -> str:
        """Which two words to reply."""
        return phrase("yes_no", language)

    def help(self, language: str, *, web: bool = False) -> str:
        """Which two words to reply, kindly."""
        return phrase("web.yes_no" if web else "again.yes_no", language)

    def from_value(self, raw: object, language: str) -> Reading:
        """A truth value, or `yes` and `no` as the form sends them."""
        if isinstance(raw, bool):
            return Parsed(raw)
        value = _FORM.get(raw.strip().lower()) if isinstance(raw, str) else None
        return NotUnderstood(Reason.NO_ANSWER) if value is None else Parsed(value)

    def from_reply(self, text: str, language: str, spoken: str) -> Reading:
        """Yes or no as people write it."""
        return parse_reply(text, "yes_no", language=spoken)
