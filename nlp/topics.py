"""What comments speak of beside the known themes, and whether it grows: emerging topics.

Same input, same answer. Time and memory stay bounded: 10,000 comments take seconds.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nlp.topic_clusters import clustered
from nlp.topic_groups import Matrix, central
from nlp.topic_trend import Change, change
from nlp.topic_words import named, telling_words, tells

QUOTES = 5
"""As many as an own theme is best learned from."""
LONGEST_QUOTE = 300
"""Characters; longer comments are quoted only where a topic has no shorter one."""
FEWEST_NOW = 5
"""Comments of the period itself that a topic must have, unless it fades."""


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments that no theme covers, side by side: texts, vectors of their wholes (a row
    each), and periods. `totals` counts all comments of a period, the covered ones too.
    """

    texts: Sequence[str]
    vectors: Matrix
    periods: Sequence[Hashable]
    totals: Mapping[Hashable, int]

    def __post_init__(self) -> None:
        if not len(self.texts) == len(self.vectors) == len(self.periods):
            raise ValueError("texts, vectors and periods differ in length")


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic; `members` and `quotes` are indices of comments, the most central first.

    Quotes are those of the period itself before others, each text once.
    """

    words: tuple[str, ...]
    members: tuple[int, ...]
    quotes: tuple[int, ...]
    change: Change

    @property
    def name(self) -> str:
        """Its telling words, the best first."""
        return ", ".join(self.words)


def emerging_topics(comments: Comments, now: Hashable, before: Hashable) -> tuple[Topic, ...]:
    """Topics of two periods, compared; those spoken of most in the period `now` come first.

    Too few comments, or none that are alike, make no topic; nor does a group that no telling word
    holds together, nor one that hardly anybody speaks of now, unless it fades. Comments that only
    rate ("Nothing, all was excellent") form none.
    """
    if not len(comments.texts):
        return ()
    usable = np.isfinite(comments.vectors).all(axis=1)
    usable &= np.array([tells(text) for text in comments.texts])
    left = np.flatnonzero(usable)
    labels = clustered(comments.vectors[left])
    words = telling_words([comments.texts[int(i)] for i in left], labels)
    groups = ((left[labels == k].tolist(), said) for k, said in enumerate(words))
    topics = (
        _topic(comments, members, said, now, before)
        for members, said in groups
        if named(comments.texts, members, said)
    )
    kept = [one for one in topics if one.change.now >= FEWEST_NOW or one.change.trend == "fading"]
    return tuple(sorted(kept, key=lambda one: (-one.change.now, -one.change.before, one.members)))


def _topic(
    comments: Comments,
    members: list[int],
    words: tuple[str, ...],
    now: Hashable,
    before: Hashable,
) -> Topic:
    nearest = central(comments.vectors, members)
    quotes = _quotes(comments, nearest, words, now)
    return Topic(words, nearest, quotes, _change(comments, members, now, before))


def _quotes(
    comments: Comments, members: Sequence[int], words: Sequence[str], now: Hashable
) -> tuple[int, ...]:
    """The most central comments, each text once; first those that are short, of the period
    itself, and say a word of the topic's name, so that a name explains itself.
    """
    folded = [word.casefold() for word in words]

    def rank(i: int) -> tuple[bool, bool, bool]:
        text = comments.texts[i]
        named = any(word in text.casefold() for word in folded)
        return len(text) > LONGEST_QUOTE, comments.periods[i] != now, not named

    once: dict[str, int] = {}
    for i in sorted(members, key=rank):
        once.setdefault(comments.texts[i].strip().casefold(), i)
    return tuple(once.values())[:QUOTES]


def _change(comments: Comments, members: list[int], now: Hashable, before: Hashable) -> Change:
    own = [comments.periods[i] for i in members]
    return change(
        before=own.count(before),
        of_before=comments.totals.get(before, 0),
        now=own.count(now),
        of_now=comments.totals.get(now, 0),
    )
