"""What the three score questions share: a run of whole numbers with a meaning at each end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from surveys.answers import NotUnderstood, Parsed, Reading, Reason
from surveys.language_pack import phrase
from surveys.questions.base import MAX_LABEL, Option, Problem, QuestionBase
from surveys.replies.parse import parse_reply
from surveys.wording import LocalText, in_language

Direction = Literal["higher_is_better", "lower_is_better"]


class ScaleQuestion(QuestionBase):
    """A question answered by one whole number; the labels say what its ends mean."""

    low_label: LocalText | None = None
    high_label: LocalText | None = None

    @property
    def low(self) -> int:
        """The lowest score."""
        return 1

    @property
    def high(self) -> int:
        """The highest score."""
        raise NotImplementedError

    @property
    def kind(self) -> str:
        """The question type as replies are read by it."""
        raise NotImplementedError

    @property
    def reverse(self) -> bool:
        """Whether the low end is the good one."""
        return False

    @property
    def ends(self) -> str:
        """Which of Waymark's own end labels serve where the survey gives none."""
        return self.kind

    def anchors(self, language: str) -> tuple[str, str]:
        """What the lowest and the highest score mean, in words."""
        own = (self.low_label, self.high_label)
        names = (f"{self.ends}.low", f"{self.ends}.high")
        low, high = (
            phrase(name, language) if text is None else in_language(text, language, language)
            for text, name in zip(own, names, strict=True)
        )
        return low, high

    def problems(self, languages: Sequence[str]) -> Iterator[Problem]:
        """A scale can't be wrong beyond what its fields already hold."""
        if (self.low_label is None) != (self.high_label is None):
            missing = "low_label" if self.low_label is None else "high_label"
            yield Problem(missing, "is missing", "Give both end labels, or neither.")

    def texts(self) -> Iterator[tuple[str, LocalText, int]]:
        """The end labels, where the survey gives its own."""
        for name, text in (("low_label", self.low_label), ("high_label", self.high_label)):
            if text is not None:
                yield name, text, MAX_LABEL

    def options(self, language: str) -> tuple[Option, ...]:
        """One option a number."""
        return tuple(Option(str(score), str(score)) for score in range(self.low, self.high + 1))

    def hint(self, language: str, asked: str = "") -> str:
        """The ends of the scale and what they mean; empty where the question names both."""
        if {str(self.low), str(self.high)} <= set(re.findall(r"\d+", asked)):
            return ""
        low_label, high_label = self.anchors(language)
        return phrase("score", language).format_map(
            {"low": self.low, "high": self.high, "low_label": low_label, "high_label": high_label}
        )

    def help(self, language: str, *, web: bool = False) -> str:
        """The range, and a number in its upper middle as an example."""
        example = (self.low + self.high + 3) // 2
        return phrase("web.score" if web else "again.score", language).format_map(
            {"low": self.low, "high": self.high, "example": min(example, self.high)}
        )

    def from_value(self, raw: object, language: str) -> Reading:
        """A whole number, or the digits of one, inside the scale."""
        if isinstance(raw, str) and raw.strip().isascii() and raw.strip().isdigit():
            raw = int(raw.strip()[:6])
        if isinstance(raw, bool) or not isinstance(raw, int):
            return NotUnderstood(Reason.NO_ANSWER)
        if not self.low <= raw <= self.high:
            return NotUnderstood(Reason.OUT_OF_RANGE)
        return Parsed(raw)

    def from_reply(self, text: str, language: str, spoken: str) -> Reading:
        """A score as people write it."""
        scale = (self.low, self.high)
        return parse_reply(text, self.kind, language=spoken, scale=scale, reverse=self.reverse)
