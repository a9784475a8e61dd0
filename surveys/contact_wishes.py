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
from collections.abc import Sequence, Set
from functools import cache

from surveys.language_pack import LANGUAGES, Pack, own_pack
from surveys.phrase_runs import leads_to, phrases, starts
from surveys.replies.text import plain_word, tidy, words

_CLAUSE_ENDS = re.compile(r"[.,;:!?()\n]+|\s[-\u2013\u2014]+\s")
_PIECES = re.compile(r"[^\W_]+")


def wants_contact(text: str) -> bool:
    """Whether somebody asks to be contacted, in any language we know: nobody who asks is lost."""
    packs = _possible(text)
    if not packs:
        return False
    return any(_is_wish(words(clause), packs) for clause in _clauses(text)) or _bare(
        words(text), packs
    )


def without_wishes(text: str) -> tuple[str, str]:
    """A reply without the clauses that ask to be contacted, and those clauses."""
    kept: list[str] = []
    asked: list[str] = []
    packs = _possible(text)
    for clause in _clauses(text):
        spoken = words(clause)
        wish = _is_wish(spoken, packs) or _bare(spoken, packs)
        (asked if wish else kept).append(clause.strip())
    return ", ".join(filter(None, kept)), ", ".join(filter(None, asked))


def _clauses(text: str) -> list[str]:
    """The clauses in the writer's own letters; a tidy copy only shows where they end."""
    plain = tidy(text)
    ends = [(found.start(), found.end()) for found in _CLAUSE_ENDS.finditer(plain.text)]
    places = zip(
        [0, *(end for _, end in ends)], [*(s for s, _ in ends), len(plain.text)], strict=True
    )
    return [plain.cut(start, end) for start, end in places]


def _is_wish(spoken: Sequence[str], packs: Sequence[Pack]) -> bool:
    return any(_named(spoken, one) or _asked(spoken, one) or _told(spoken, one) for one in packs)


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


def _bare(spoken: Sequence[str], packs: Sequence[Pack]) -> bool:
    """Nothing but "callback" and politeness around it."""
    return any(
        " ".join(word for word in spoken if word not in known.contact_politeness)
        in known.contact_bare
        for known in packs
    )


def _possible(text: str) -> list[Pack]:
    """The languages whose wishes may be in a text at all.

    A text without one word of a wish is done with at once: a comment has a hundred words, and
    millions of them are read.
    """
    said = set(_PIECES.findall(plain_word(text)))
    return [one for one, *needed in _kernels() if _may_hold(said, *needed)]


def _may_hold(
    said: Set[str], alone: frozenset[str], asks: frozenset[str], things: frozenset[str]
) -> bool:
    both = not said.isdisjoint(asks) and not said.isdisjoint(things)
    return both or not said.isdisjoint(alone)


@cache
def _kernels() -> tuple[tuple[Pack, frozenset[str], frozenset[str], frozenset[str]], ...]:
    """Of each language a word of every wish, every ask and every way to be reached."""
    packs = [own_pack(language) for language in LANGUAGES]
    return tuple(
        (
            one,
            _longest(one.contact_wishes | one.contact_first | one.contact_bare),
            _longest(one.contact_asks),
            _longest(one.contact_things),
        )
        for one in packs
    )


def _longest(listed: frozenset[str]) -> frozenset[str]:
    return frozenset(max(_PIECES.findall(phrase), key=len) for phrase in listed)
