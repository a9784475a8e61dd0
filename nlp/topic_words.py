"""The words that tell a group of comments from the others: class-based TF-IDF (Grootendorst 2022).

A word counts once a comment, so that one long or repeated comment names nothing. Words that only
rate (excellent, nothing, service) never name a group: they say how it was, not what.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.rating_words import RATING_WORDS
from nlp.stopwords import STOP_WORDS

LONGEST_PHRASE = 3
PHRASE_SHARE = 0.6
"""A phrase takes its word's place where it comes in this part of the comments with the word."""
LEAST = 2
"""Comments a word must come in to name a topic."""
WORDS = 3
NAMED = 0.4
"""The part of a group's comments that say a word of its name, at least."""
ENDINGS = ("", "s", "es")
STEM = 6
PARTICLES = frozenset({"up", "down", "in", "out", "off", "back"})
READ = 2_000
"""Characters of a comment that are looked at."""
_RUN = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*(?: +[^\W_]+(?:['\u2019-][^\W_]+)*)*")

Term = tuple[str, ...]


def telling_words(texts: Sequence[str], labels: NDArray[np.intp]) -> list[tuple[str, ...]]:
    """For each group from 0 on, up to three words or phrases as they are written, best first.

    None for a group no word of which names a subject.
    """
    groups = int(labels.max(initial=-1)) + 1
    counts: list[Counter[Term]] = [Counter() for _ in range(groups)]
    spelt: list[Counter[tuple[Term, str]]] = [Counter() for _ in range(groups)]
    everywhere: Counter[Term] = Counter()
    for text, label in zip(texts, labels, strict=True):
        terms = dict(_terms(text))
        everywhere.update(terms.keys())
        if label >= 0:
            counts[label].update(terms.keys())
            spelt[label].update(terms.items())
    sizes = np.bincount(labels[labels >= 0], minlength=groups)
    usual = len(texts) / max(1, groups)
    return [_chosen(counts[k], spelt[k], everywhere, int(sizes[k]), usual) for k in range(groups)]


def named(texts: Sequence[str], members: Sequence[int], words: Sequence[str]) -> bool:
    """Whether enough of a group's comments say a word of its name."""
    said = [texts[i].casefold() for i in members]
    saying = sum(any(word.casefold() in text for word in words) for text in said)
    return saying >= NAMED * len(members)


def tells(text: str) -> bool:
    """Whether some word of a text may name a subject: none does in "Nothing, all was great"."""
    runs = (run.group().split() for run in _RUN.finditer(text[:READ]))
    return any(_tells(_folded(word)) for run in runs for word in run)


def subjects(text: str) -> dict[Term, str]:
    """The words and phrases of a text that may name a subject, folded, and how they stand there."""
    return dict(_terms(text))


def _terms(text: str) -> Iterator[tuple[Term, str]]:
    """Words and phrases, folded, with how they are written; no phrase goes over punctuation."""
    for run in _RUN.finditer(text[:READ]):
        written = run.group().split()
        folded = [_folded(word) for word in written]
        for start in range(len(folded)):
            for end in range(start + 1, min(start + LONGEST_PHRASE, len(folded)) + 1):
                term = tuple(folded[start:end])
                if _tells(term[0]) and (_tells(term[-1]) or _is_verb_with_particle(term)):
                    yield term, " ".join(written[start:end])


def _folded(word: str) -> str:
    return word.casefold().replace("\u2019", "'").removesuffix("'s")


def _is_verb_with_particle(term: Term) -> bool:
    """Such as top up, or logged in: the particle makes the meaning."""
    return len(term) == 2 and term[1] in PARTICLES


def _tells(word: str) -> bool:
    known = word in STOP_WORDS or word in RATING_WORDS
    return not known and len(word) > 1 and not word.isdigit()


def _chosen(
    counts: Counter[Term],
    spelt: Counter[tuple[Term, str]],
    everywhere: Counter[Term],
    size: int,
    usual: float,
) -> tuple[str, ...]:
    scores = {
        term: count / size * math.log(1 + usual / everywhere[term])
        for term, count in counts.items()
        if count >= min(LEAST, size)
    }
    singles = [term for term in scores if len(term) == 1]
    chosen: list[Term] = []
    for word in sorted(singles, key=lambda term: (-scores[term], term)):
        if _new(word, chosen):
            chosen.append(_phrase(word, counts, scores, chosen))
        if sum(map(len, chosen)) >= WORDS:
            break
    return tuple(_spelling(term, spelt) for term in chosen)


def _new(term: Term, chosen: Sequence[Term]) -> bool:
    """Whether none of its words, in any form, is in the name yet."""
    return not any(_akin(word, other) for word in term for one in chosen for other in one)


def _akin(word: str, other: str) -> bool:
    """Whether two words are forms of one: the same but for an ending."""
    short, long = sorted((word, other), key=len)
    if long.startswith(short) and (long[len(short) :] in ENDINGS or len(short) >= 4):
        return len(long) - len(short) <= 3
    return word[:STEM] == other[:STEM] and len(short) >= STEM


def _phrase(
    word: Term, counts: Counter[Term], scores: dict[Term, float], chosen: Sequence[Term]
) -> Term:
    """The longest phrase that the word mostly comes in and that repeats nothing, or the word."""
    holding = [
        term
        for term in scores
        if len(term) > 1
        and word[0] in term
        and counts[term] >= PHRASE_SHARE * counts[word]
        and _new(term, chosen)
    ]
    return max(holding, key=lambda term: (len(term), scores[term], term), default=word)


def _spelling(term: Term, spelt: Counter[tuple[Term, str]]) -> str:
    """The way it is written most often; where it begins sentences too, the small letters win."""
    ways = {way: count for (key, way), count in spelt.items() if key == term}
    return max(ways, key=lambda way: (ways[way], way.islower(), way))
