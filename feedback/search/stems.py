"""The stems of words in other languages than English, by Snowball (Porter 2001)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import snowballstemmer

SNOWBALL: Mapping[str, str] = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
"""Languages that PostgreSQL stems too, besides English; words of others stay as they stand."""


@cache
def stem_of(language: str) -> Callable[[str], str] | None:
    """What cuts a word of a language down to its stem; None where nothing does."""
    if language not in SNOWBALL:
        return None
    name = SNOWBALL[language]

    def stem(word: str) -> str:
        # a stemmer keeps the word it is at: one a call, since threads search side by side
        return str(snowballstemmer.stemmer(name).stemWord(word.lower()))

    return stem
