"""Clean text for the encoder, with every character traceable to the text as it was written."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

MAX_CHARACTERS = 50_000
"""Longer comments are read up to here: nobody's experience starts after it."""

_PLAIN = re.compile(r"[!-%'-;=?-~]+(?: [!-%'-;=?-~]+)*\Z")
_TOKEN = re.compile(
    r"(?P<gone><!--.{0,2000}?-->|<(?P<raw>script|style)\b.{0,2000}?</(?P=raw)\s*>"
    r"|[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff"
    r"\U0001f3fb-\U0001f3ff])"
    r"|(?P<space></?[a-zA-Z][^<>]*>|[\s\x00-\x1f\x7f-\x9f])"
    r"|(?P<entity>&(?:\#\d{1,7}|\#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_STRAIGHT = str.maketrans("\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u2212", "'''\"\"\"---")


@dataclass(frozen=True, slots=True)
class CleanText:
    """Normalised text; `starts[i]`, `ends[i]` bound character i in the original (in characters)."""

    text: str
    starts: tuple[int, ...] | range
    ends: tuple[int, ...] | range

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Where characters start..end (end exclusive, start < end) stand in the original."""
        return self.starts[start], self.ends[end - 1]


def clean(text: str) -> CleanText:
    """Drop marks that say nothing, unescape HTML, name emoji in words, collapse white space."""
    text = text[:MAX_CHARACTERS]
    if _PLAIN.match(text):
        return CleanText(text, range(len(text)), range(1, len(text) + 1))
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _TOKEN.finditer(text):
        for character in _rendered(match):
            if character == " " and (not characters or characters[-1] == " "):
                continue
            characters.append(character)
            starts.append(match.start())
            ends.append(match.end())
    if characters and characters[-1] == " ":
        del characters[-1], starts[-1], ends[-1]
    return CleanText("".join(characters), tuple(starts), tuple(ends))


def readable(text: str) -> bool:
    """Whether there is at least one letter in it: digits and punctuation alone say nothing."""
    return any(character.isalpha() for character in text)


def _rendered(match: re.Match[str]) -> str:
    """What one piece of the original becomes; may be empty."""
    if match["gone"] is not None:
        return ""
    if match["space"] is not None:
        return " "
    piece = html.unescape(match["entity"]) if match["entity"] is not None else match["other"]
    return "".join(map(_character, piece))


def _character(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() else " "
    if unicodedata.category(character) == "So":
        return _named(character)
    composed = unicodedata.normalize("NFKC", character).translate(_STRAIGHT)
    return "".join(c if c.isprintable() else " " for c in composed)


def _named(symbol: str) -> str:
    """An emoji in words, which the encoder knows, where it has no token for the emoji."""
    name = unicodedata.name(symbol, "").lower()
    words = re.sub(r"\b(sign|symbol|with|heavy|black|white)\b|-", " ", name)
    return f" {' '.join(words.split())} "
