"""Text in plain characters for the finders, each traceable to the text as it was written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

BLANK = "\x00"
"""Stands for what was found already: neither a word, nor a space, nor a digit."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; `places[i]` is where character i stands in the original."""

    text: str
    places: list[int] | range

    def original(self, span: Span) -> Span:
        """Where a stretch (end exclusive, not empty) stands in the original."""
        start, end = span
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """Digits of every script as 0-9, dashes and spaces as one kind, invisible marks left out."""
    if text.isascii():
        return Folded(text, range(len(text)))
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = character if character.isascii() else _plain(character)
        if plain:
            characters.append(plain)
            places.append(place)
    return Folded("".join(characters), places)


def blanked(text: str, spans: Iterable[Span]) -> str:
    """The text, as long as before, with the stretches blanked: nobody finds them again."""
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        pieces += (text[at:start], BLANK * (end - start))
        at = end
    return "".join((*pieces, text[at:]))


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cf", "Mn", "Me"}:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Zs":
        return " "
    if category == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    composed = unicodedata.normalize("NFKC", character)
    return composed if len(composed) == 1 else character
