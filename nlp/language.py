"""Which language a comment is in; short comments often cannot say, and then it says so.

The character statistics of py3langid are weighed together with lists of common words. A word alone
may belong to several languages ("lento"): then the language that was expected, the survey's, say,
decides, and where none was, none is claimed.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from nlp.language_words import WORDS_OF
from nlp.reading import SIX, UNDETERMINED

READ = frozenset(SIX)
"""The languages worth giving to a model."""
MAX_CHARACTERS = 300
"""The start of a comment says which language it is in."""
WORD = 3.0
"""What the listed words count beside the statistics' log-probability, times their root share."""
EXPECTED = 1.5
"""What a language counts for being expected, likewise."""
MARGIN = 0.5
"""By how much the likeliest language must be ahead of the next to be named, likewise."""
SHORT_LETTERS = 20
"""Fewer letters, without any listed word, could be a name or a slip in any language."""
HITS, LEAD, SHARE = 3, 2, 0.4
"""Listed words that settle it alone: how many, how far ahead, which share of all words."""
_FLOOR = 6e-6
_ALL = (
    "ar bg bn ca cs cy da de el en es et fa fi fr ga he hi hr hu id it ja ko lt lv ms nl no pl pt"
    " ro ru sk sl sq sr sv sw ta th tl tr uk ur vi zh"
)
CODES = tuple(_ALL.split())
"""The languages that a comment may be said to be in."""
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)*\Z")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class Language:
    """ISO 639-1 code, "und" where it cannot be told, and whether it is one that models read.

    `likeliest` is the best guess where `code` claims nothing: which model should read it.
    """

    code: str
    read: bool
    likeliest: str = UNDETERMINED


def language_of(tag: str | None) -> str | None:
    """The language of a tag such as "fr-CA": "fr"; None where it is no tag."""
    found = _TAG.match(tag.strip()) if tag else None
    return found[1].lower() if found else None


def identify(text: str, hint: str | None = None, expected: str | None = None) -> Language:
    """The language of cleaned text; a valid hint (a language tag) decides.

    `expected`, a tag too, is the language to suppose unless the text speaks against it. What can't
    be told is read where a language that is read may be meant.
    """
    told = language_of(hint)
    if told:
        return Language(told, told in READ, told)
    text = text[:MAX_CHARACTERS]
    words = _WORD.findall(text.lower().replace("\u2019", "'"))
    if not words:
        return Language(UNDETERMINED, False)
    hits = word_hits(words)
    settled = _settled(hits, len(words))
    if settled:
        return Language(settled, settled in READ, settled)
    scores = _scores(text, hits, len(words), language_of(expected))
    best = max(scores, key=lambda code: scores[code])
    near = {code for code, score in scores.items() if score > scores[best] - MARGIN}
    if len(near) == 1:
        return Language(best, best in READ, best)
    unknown = not hits and sum(map(len, words)) < SHORT_LETTERS
    likeliest = max(SIX, key=lambda code: scores[code])
    read = _mostly_latin(text) and (unknown or not READ.isdisjoint(near))
    return Language(UNDETERMINED, read, likeliest)


def word_hits(words: list[str]) -> dict[str, float]:
    """How many of the lower-case words stand in each language's list.

    Of a word with an apostrophe that stands in none, each half counts half.
    """
    found: dict[str, float] = {}
    for word in words:
        if word in _listed():
            for code in _listed()[word]:
                found[code] = found.get(code, 0.0) + 1.0
        elif "'" in word:
            for half in word.split("'"):
                for code in _listed().get(half, ()):
                    found[code] = found.get(code, 0.0) + 0.5
    return found


def _settled(hits: dict[str, float], words: int) -> str | None:
    """The language that the listed words alone make certain; they say it fast."""
    ranked = sorted(hits.values(), reverse=True)
    if not ranked or ranked[0] < max(HITS, SHARE * words):
        return None
    ahead = len(ranked) == 1 or ranked[0] - ranked[1] >= LEAD
    return max(hits, key=lambda code: hits[code]) if ahead else None


def _scores(
    text: str, hits: dict[str, float], words: int, expected: str | None
) -> dict[str, float]:
    scores = {
        code: math.log(max(probability, _FLOOR)) + WORD * hits.get(code, 0.0) / math.sqrt(words)
        for code, probability in _identifier().rank(text)
    }
    if expected in scores:
        scores[expected] += EXPECTED
    return scores


def _mostly_latin(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    latin = sum(character < "\u0250" for character in letters)
    return bool(letters) and latin >= 0.5 * len(letters)


@cache
def _listed() -> dict[str, tuple[str, ...]]:
    """The languages of each listed word."""
    found: dict[str, tuple[str, ...]] = {}
    for code, words in WORDS_OF.items():
        for word in words:
            found[word] = (*found.get(word, ()), code)
    return found


@cache
def _identifier() -> Any:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(CODES))
    return identifier
