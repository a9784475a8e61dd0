"""What somebody types to search: words, "phrases in quotes", and -words that must not be there.

Nothing else is an operator: AND, brackets or stars are words or nothing, so no query can fail.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

LONGEST = 300
MOST_PARTS = 12
_PART = re.compile(r'(?<!\S)(-?)"([^"]*)(?:"|$)|(\S+)')
_WORD = re.compile(r"[^\W_]+")

SHORTEST_STEM = 3
"""Letters; what begins with fewer is nearly anything."""

Phrase = tuple[str, ...]
Stem = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Query:
    """Phrases of one word or more that a comment must all hold, and those it must not."""

    every: tuple[Phrase, ...] = ()
    none: tuple[Phrase, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.every)


def parse(typed: str) -> Query:
    """The query in what was typed; a part without a letter or digit counts as nothing."""
    every: list[Phrase] = []
    none: list[Phrase] = []
    for part in _PART.finditer(typed[:LONGEST]):
        dash, quoted, bare = part.groups()
        without = dash == "-" or (bare or "").startswith("-")
        words = tuple(_WORD.findall(quoted if bare is None else bare))
        kept = none if without else every
        if words and words not in kept and len(every) + len(none) < MOST_PARTS:
            kept.append(words)
    return Query(tuple(every), tuple(none))


def fts5(query: Query, stem: Stem | None = None) -> str:
    """The query for SQLite's FTS5, every word quoted so that none is an operator.

    With a `stem`, a word that stands alone is also found by what begins as its stem does.
    """
    asked = " AND ".join(_quoted(phrase, stem) for phrase in query.every)
    return " NOT ".join((f"({asked})", *(_quoted(phrase, stem) for phrase in query.none)))


def _quoted(phrase: Phrase, stem: Stem | None) -> str:
    as_typed = '"' + " ".join(phrase) + '"'
    bare = stem(phrase[0]) if stem and len(phrase) == 1 else ""
    return f'({as_typed} OR "{bare}" *)' if len(bare) >= SHORTEST_STEM else as_typed
