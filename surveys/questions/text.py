"""A question answered in the customer's own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from surveys.answers import NotUnderstood, Reading, Reason
from surveys.language_pack import phrase
from surveys.questions.base import Option, Problem, QuestionBase
from surveys.replies.parse import parse_reply
from surveys.wording import LocalText

MAX_WORDS = 10_000


class TextQuestion(QuestionBase):
    """Answered by any words.

    With `asks_why` (the default) it is passed over when the answer before already came with
    words of its own: "9 - great staff" needs no "why?".
    """

    type: Literal["text"]
    required: bool = False
    asks_why: bool = True

    @property
    def covered_by_comment(self) -> bool:
        """Set by `asks_why`."""
        return self.asks_why

    def problems(self, languages: Sequence[str]) -> Iterator[Problem]:
        """Nothing of its own can be wrong."""
        return iter(())

    def texts(self) -> Iterator[tuple[str, LocalText, int]]:
        """No texts of its own."""
        return iter(())

    def options(self, language: str) -> tuple[Option, ...]:
        """Any words do."""
        return ()

    def hint(self, language: str, asked: str = "") -> str:
        """None: the question says it all."""
        return ""

    def help(self, language: str, *, web: bool = False) -> str:
        """Any words do."""
        return phrase("web.text" if web else "again.text", language)

    def from_value(self, raw: object, language: str) -> Reading:
        """Words, kept as they are written save for the space around them."""
        if not isinstance(raw, str):
            return NotUnderstood(Reason.NO_ANSWER)
        if len(raw) > MAX_WORDS:
            return NotUnderstood(Reason.TOO_LONG)
        return parse_reply(raw, "text", language=language)

    def from_reply(self, text: str, language: str, spoken: str) -> Reading:
        """Words by SMS, however many."""
        return parse_reply(text, "text", language=spoken)
