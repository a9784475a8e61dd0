"""Wishes in a reply to be contacted: "can somebody call me", and what only sounds so.

A wish is an ask ("could you", "please", "I want to"), words that may stand between ("someone",
"from your team"), and a way to be reached ("call me", "speak to a manager"), in this order and
in one clause. "They never called me" asks for nothing, and in "please don't call me" a word
stands between that may not. A bare "call me back" counts where a clause begins, and only with
words after it that go on about a call: "call me old-fashioned" has others.

The words are the `contact_*` lists of each language's file, which anybody can add to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from surveys.language_pack import LANGUAGES, Pack, own_pack
from surveys.phrase_runs import leads_to, phrases, starts
from surveys.replies.text import tidy, words

_CLAUSE_ENDS = re.compile(r"[.,;:!?()\n]+|\s[-\u2013\u2014]+\s")


def wants_contact(text: str) -> bool:
    """Whether somebody asks to be contacted, in any language we know: nobody who asks is lost."""
    return any(_is_wish(clause) for clause in _clauses(text)) or _bare(words(text))


def without_wishes(text: str) -> tuple[str, str]:
    """A reply without the clauses that ask to be contacted, and those clauses."""
    kept: list[str] = []
    asked: list[str] = []
    for clause in _clauses(text):
        (asked if _is_wish(clause) or _bare(words(clause)) else kept).append(clause.strip())
    return ", ".join(filter(None, kept)), ", ".join(filter(None, asked))


def _clauses(text: str) -> list[str]:
    """The clauses in the writer's own letters; a tidy copy only shows where they end."""
    plain = tidy(text)
    ends = [(found.start(), found.end()) for found in _CLAUSE_ENDS.finditer(plain.text)]
    places = zip(
        [0, *(end for _, end in ends)], [*(s for s, _ in ends), len(plain.text)], strict=True
    )
    return [plain.cut(start, end) for start, end in places]


def _is_wish(clause: str) -> bool:
    spoken = words(clause)
    if not spoken or not _first_words() & set(spoken):
        return False
    return any(_named(spoken, one) or _asked(spoken, one) or _told(spoken, one) for one in _packs())


def _named(spoken: Sequence[str], known: Pack) -> bool:
    """A wish that is known as a whole: `ruckruf erbeten`."""
    return any(starts(spoken, known.contact_wishes, known.contact_denied))


def _asked(spoken: Sequence[str], known: Pack) -> bool:
    """An ask, then a way to be reached, with numbers and what may stand between."""

    def between(word: str) -> bool:
        return word in known.contact_between or word.isdigit()

    return any(
        leads_to(spoken, place, known.contact_things, between)
        for place in starts(spoken, known.contact_asks, known.contact_denied)
    )


def _told(spoken: Sequence[str], known: Pack) -> bool:
    """ "Call me back" where the clause begins, and nothing after it that is another matter."""
    first = next((n for n, word in enumerate(spoken) if word not in known.contact_politeness), 0)
    for end in phrases(spoken, first, known.contact_first):
        after = spoken[end] if end < len(spoken) else ""
        if not after or after[0].isdigit() or after in known.contact_after:
            return True
    return False


def _bare(spoken: Sequence[str]) -> bool:
    """Nothing but "callback" and politeness around it."""
    return any(
        " ".join(word for word in spoken if word not in known.contact_politeness)
        in known.contact_bare
        for known in _packs()
    )


@cache
def _packs() -> tuple[Pack, ...]:
    return tuple(own_pack(language) for language in LANGUAGES)


@cache
def _first_words() -> frozenset[str]:
    """The words that some wish begins with: most clauses hold none, and are done with at once."""
    listed = (
        phrase
        for one in _packs()
        for phrase in (*one.contact_wishes, *one.contact_asks, *one.contact_first)
    )
    return frozenset(phrase.split()[0] for phrase in listed)
