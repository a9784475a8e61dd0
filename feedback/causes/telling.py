"""What these complaints are about, beyond their theme: words they hold and other comments don't."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback.statistics.concentration import Comparison, compare
from feedback.statistics.fdr import q_values
from feedback.statistics.metrics import FALSE_DISCOVERY_RATE, MIN_SHOWN
from feedback.statistics.two_shares import Count, p_more
from feedback.topics.sources import bare
from nlp.topic_words import Term, subjects

LEAST = 20
"""Comments of either kind below which no word tells anything."""
LOOKED_AT = 120
SHOWN = 8
ALIKE = 0.7


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase as it is written, in how many of these comments and of the others."""

    text: str
    inside: Count
    outside: Count
    comparison: Comparison
    q: float


def words(complaints: Sequence[str], others: Sequence[str]) -> list[Word]:
    """The telling words, most frequent first; corrected for having looked at many.

    A word counts once a comment. Of words that are mostly said together the longest stands.
    """
    if min(len(complaints), len(others)) < LEAST:
        return []
    mine = [subjects(bare(text)) for text in complaints]
    theirs = Counter(term for text in others for term in subjects(bare(text)))
    counts = Counter(term for terms in mine for term in terms)
    usual = [term for term, many in counts.most_common(LOOKED_AT) if many >= MIN_SHOWN]
    pairs = {
        term: (Count(counts[term], len(mine)), Count(theirs[term], len(others))) for term in usual
    }
    qs = dict(zip(usual, q_values([p_more(*pairs[term]) for term in usual]), strict=True))
    told = [term for term in usual if qs[term] <= FALSE_DISCOVERY_RATE]
    holding = {term: {i for i, terms in enumerate(mine) if term in terms} for term in told}
    return [
        Word(_spelt(term, mine), *pairs[term], compare(*pairs[term]), qs[term])
        for term in _apart(told, holding)
    ]


def _apart(told: Sequence[Term], holding: Mapping[Term, set[int]]) -> list[Term]:
    """The terms, of those in much the same comments one alone: the longest."""
    chosen: list[Term] = []
    longest = sorted(told, key=lambda term: (-len(term), -len(holding[term]), term))
    for term in longest:
        mine = holding[term]
        near = [one for one in chosen if len(mine & holding[one]) >= ALIKE * len(mine)]
        if not near:
            chosen.append(term)
    return sorted(chosen, key=lambda term: (-len(holding[term]), term))[:SHOWN]


def _spelt(term: Term, mine: Sequence[Mapping[Term, str]]) -> str:
    """As it is written most often; the small letters where that is even."""
    ways = Counter(terms[term] for terms in mine if term in terms)
    return max(ways, key=lambda way: (ways[way], way.islower(), way))
