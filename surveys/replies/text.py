"""The text of a reply, made comparable: digits in one script, words without case or accents."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MIN_REMARK_WORDS = 3
REMEMBERED = 64
"""Readers ask for the same text, and its clauses, a dozen times over: so many are kept."""

_KEYCAP_TEN = "\U0001f51f"
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2060\u20e3\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff]")
_APOSTROPHES = frozenset("\u2018\u2019\u02bc\u0060\u00b4")
_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212")
_WORD = re.compile(r"\w+(?:['.-]\w+)*")
_ELIDED = re.compile(r"^(?:l|d|un|all|dell|nell|qu)'(?=\w)")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")


@dataclass(frozen=True)
class Tidy:
    """A reply with plain digits, apostrophes and dashes; `cut` gives back the words as sent."""

    text: str
    original: str
    places: tuple[int, ...]

    def cut(self, start: int, end: int) -> str:
        """The original words behind a stretch of the tidy text."""
        if start >= end:
            return ""
        last = self.places[end] if end < len(self.places) else len(self.original)
        return self.original[self.places[start] : last]


@lru_cache(maxsize=REMEMBERED)
def tidy(text: str) -> Tidy:
    """One reply, character by character; nothing invisible is left.

    Full-width, keycap and other scripts' digits become ASCII. A fraction such as one half
    becomes `.5`, so that it is never read as two digits.
    """
    pairs = [
        (plain_char, place)
        for place, char in enumerate(text)
        if not _HIDDEN.match(char)
        for plain_char in _ascii(char)
    ]
    return Tidy("".join(char for char, _ in pairs), text, tuple(place for _, place in pairs))


def words(text: str) -> list[str]:
    """The plain words of a text, in order: no case, accents or drawn-out letters."""
    return list(_words(text))


@lru_cache(maxsize=REMEMBERED)
def _words(text: str) -> tuple[str, ...]:
    return tuple(plain_word(word) for word in _WORD.findall(tidy(text).text))


def plain(text: str) -> str:
    """The plain words of a text with single spaces between them."""
    return " ".join(words(text))


def plain_word(word: str) -> str:
    """One word without case or accents; `yesss` and `soooo` lose their length."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _DRAWN_OUT.sub(r"\1", bare)


def unelided(word: str) -> str:
    """A plain word without the article or preposition glued to it: l'ultima, d'accueil."""
    return _ELIDED.sub("", word)


def is_remark(text: str) -> bool:
    """Whether a reply says something worth keeping as a comment: three words or more."""
    return len([word for word in words(text) if word[0].isalpha()]) >= MIN_REMARK_WORDS


def _ascii(char: str) -> str:
    if char.isascii():
        return char
    if char == _KEYCAP_TEN:
        return "10"
    if char in _APOSTROPHES:
        return "'"
    if char in _DASHES:
        return "-"
    if "\uff01" <= char <= "\uff5e":  # the full-width forms of ASCII
        return unicodedata.normalize("NFKC", char)
    return _number(char) or char


def _number(char: str) -> str:
    """A digit, circled number or fraction of any script in ASCII; empty for what is none."""
    if unicodedata.category(char) not in ("Nd", "No"):
        return ""
    value = unicodedata.numeric(char, -1.0)
    if 0 < value < 1:
        return ".5"
    return str(int(value)) if 0 <= value <= 20 and value.is_integer() else ""
