"""The words, numbers and marks of a reply."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from surveys.language_pack import Pack
from surveys.replies.text import Tidy, plain_word

_TOKEN = re.compile(
    r"(?P<broken>\d+(?:[.,:]\d+)+|\d+\s+\d/\d(?!\d)|\d+(?=\.5))"
    r"|(?P<digits>\d+(?:ish\b|(?![^\W_])))"
    r"|(?P<word>\w+(?:['-][^\W\d]+)*)"
    r"|(?P<mark>[^\w\s])"
)
_TEN_WITH_LETTER = re.compile(r"1[oO]")
MOST_DIGITS = 4
APART = frozenset(".,;:-!)(\u2026")


@dataclass(frozen=True)
class Token:
    """One piece: `word` is plain; `value` is set for whole numbers, `broken` for others."""

    word: str
    start: int
    end: int
    value: int | None = None
    spelled: bool = False
    broken: bool = False

    @property
    def is_mark(self) -> bool:
        """Whether it is punctuation, an emoji or another sign."""
        return not self.word

    @property
    def in_digits(self) -> bool:
        """Whether it is a number that is not written as a word."""
        return self.is_number and not self.spelled

    @property
    def is_number(self) -> bool:
        """Whether it is a number of any kind."""
        return self.broken or self.value is not None


def tokens(tidied: Tidy, words: Pack) -> list[Token]:
    """The pieces of a reply in order; marks have no word, only a place."""
    return [_token(match, words) for match in _TOKEN.finditer(tidied.text)]


def mark_at(tidied: Tidy, token: Token) -> str:
    """The sign a mark stands for; empty for words and numbers."""
    return tidied.text[token.start : token.end] if token.is_mark else ""


def all_in(found: Sequence[Token], known: frozenset[str]) -> bool:
    """Whether every word among the tokens is known; marks don't matter, digits do."""
    return all(token.is_mark or (token.word in known and not token.in_digits) for token in found)


def _token(match: re.Match[str], words: Pack) -> Token:
    start, end = match.span()
    text = match.group()
    if match.lastgroup == "mark":
        return Token("", start, end)
    if match.lastgroup == "broken":
        return _broken(text, start, end)
    if match.lastgroup == "digits":
        return Token(text, start, end, value=int(text.removesuffix("ish")[:9]))
    if _TEN_WITH_LETTER.fullmatch(text):
        return Token(text, start, end, value=10)
    word = plain_word(text)
    return Token(word, start, end, value=words.numbers.get(word), spelled=word in words.numbers)


def _broken(text: str, start: int, end: int) -> Token:
    """`8.0` is whole; `8.5`, `8,5`, `9:30` and dates are not."""
    whole, _, rest = text.replace(",", ".").partition(".")
    if whole.isdigit() and rest and not rest.strip("0"):
        return Token(text, start, end, value=int(whole[:9]))
    return Token(text, start, end, broken=True)
