"""Wishes in a sentence that messages end: "please stop texting me", and what only sounds so.

A wish is an act ("stop", "no more", "I don't want"), words that may stand between ("sending me
these"), and a thing that is sent or done ("texts", "messaging"), in this order and in one clause.
"Please stop sending broken parcels" has no such thing, "don't stop texting me" denies the act.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from surveys.language_pack import Pack
from surveys.phrase_runs import leads_to, starts
from surveys.replies.text import tidy, words

_CLAUSE_ENDS = re.compile(r"[.,;:!?()\n]+")


def wishes_to_stop(text: str, packs: Sequence[Pack]) -> bool:
    """Whether a clause holds a wish, or the whole message is a bare one ("please stop")."""
    clauses = [words(clause) for clause in _CLAUSE_ENDS.split(tidy(text).text)]
    said = [clause for clause in clauses if clause]
    spoken = [word for clause in said for word in clause]
    return any(
        _bare(spoken, known)
        or _plainly(said, known)
        or _asked_last(said, known)
        or any(_named(clause, known) or _acted(clause, known) for clause in said)
        for known in packs
        if not known.rules.isdisjoint(spoken)
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
    return any(starts(spoken, known.stop_wishes, known.stop_denied))


def _acted(spoken: Sequence[str], known: Pack) -> bool:
    """An act and then, past words that may stand between, what it is about."""
    pairs = (
        (known.stop_acts, known.stop_things),
        (known.stop_asks, known.stop_leaves),
        (known.stop_removes, known.stop_removed),
    )
    return any(
        leads_to(spoken, place, things, known.stop_between)
        for acts, things in pairs
        for place in starts(spoken, acts, known.stop_denied)
    )
