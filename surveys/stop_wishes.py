"""Wishes in a sentence that messages end: "please stop texting me", and what only sounds so.

A wish is an act ("stop", "no more", "I don't want"), words that may stand between ("sending me
these"), and a thing that is sent or done ("texts", "messaging"), in this order and in one clause.
"Please stop sending broken parcels" has no such thing, "don't stop texting me" denies the act.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from surveys.language_pack import Pack
from surveys.replies.text import tidy, words

_CLAUSE_ENDS = re.compile(r"[.,;:!?()\n]+")
LONGEST_PHRASE = 5


def wishes_to_stop(text: str, packs: Sequence[Pack]) -> bool:
    """Whether a clause holds a wish, or the whole message is a bare one ("please stop")."""
    clauses = [words(clause) for clause in _CLAUSE_ENDS.split(tidy(text).text)]
    said = [clause for clause in clauses if clause]
    return any(
        _bare([word for clause in said for word in clause], known)
        or _plainly(said, known)
        or _asked_last(said, known)
        or any(_named(clause, known) or _acted(clause, known) for clause in said)
        for known in packs
    )


def _bare(spoken: Sequence[str], known: Pack) -> bool:
    """Nothing but a wish such as "stop now" and politeness around it."""
    said = " ".join(word for word in spoken if word not in known.stop_politeness)
    return said in known.stop_bare_wishes


def _plainly(clauses: Sequence[Sequence[str]], known: Pack) -> bool:
    """The first or the last clause is a word that means nothing else: "STOP. Wrong number"."""
    return any(" ".join(one) in known.stop_plainly for one in (*clauses[:1], *clauses[-1:]))


def _asked_last(clauses: Sequence[Sequence[str]], known: Pack) -> bool:
    """ "You keep texting me please stop": things are named, and the last words are a wish."""
    if not clauses or not any(word in known.stop_things for one in clauses for word in one):
        return False
    last = f" {' '.join(clauses[-1])}"
    return any(last.endswith(f" {one}") for one in known.stop_last)


def _named(spoken: Sequence[str], known: Pack) -> bool:
    """A wish that is known as a whole."""
    return any(_starts(spoken, known.stop_wishes, known))


def _acted(spoken: Sequence[str], known: Pack) -> bool:
    """An act and then, past words that may stand between, what it is about."""
    pairs = (
        (known.stop_acts, known.stop_things),
        (known.stop_asks, known.stop_leaves),
        (known.stop_removes, known.stop_removed),
    )
    return any(
        _leads_to(spoken, place, things, known.stop_between)
        for acts, things in pairs
        for place in _starts(spoken, acts, known)
    )


def _leads_to(
    spoken: Sequence[str], place: int, things: frozenset[str], between: frozenset[str]
) -> bool:
    """Whether such a thing follows, with nothing but the words between."""
    for start in range(place, len(spoken)):
        if any(True for _ in _phrases(spoken, start, things)):
            return True
        if spoken[start] not in between:
            return False
    return False


def _starts(spoken: Sequence[str], listed: frozenset[str], known: Pack) -> Iterator[int]:
    """Where such phrases end that are not denied: "don't stop" is no wish to stop."""
    for place in range(len(spoken)):
        if place and spoken[place - 1] in known.stop_denied:
            continue
        yield from _phrases(spoken, place, listed)


def _phrases(spoken: Sequence[str], place: int, listed: frozenset[str]) -> Iterator[int]:
    """The ends of the listed phrases that begin at a place."""
    for end in range(place + 1, min(place + LONGEST_PHRASE, len(spoken)) + 1):
        if " ".join(spoken[place:end]) in listed:
            yield end
