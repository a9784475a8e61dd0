"""What comments speak of beside the known themes, and whether it grows: emerging topics.

Same input, same answer. Time and memory stay bounded: 10,000 comments take seconds.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.topic_clusters import clustered, unit
from nlp.topic_trend import Change, change
from nlp.topic_words import telling_words

QUOTES = 3
LONGEST_QUOTE = 300
"""Characters; longer comments are quoted only where a topic has no shorter one."""
LONGEST_NAME = 60

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Comments:
    """Comments side by side: texts, vectors of their wholes (a row each), and periods.

    `sentiments` are scores in [-1, 1], None where not known. Those `covered` by the taxonomy form
    no topic but count among all comments of their period.
    """

    texts: Sequence[str]
    vectors: Matrix
    periods: Sequence[Hashable]
    sentiments: Sequence[float | None] | None = None
    covered: Sequence[bool] | None = None

    def __post_init__(self) -> None:
        columns = (self.texts, self.vectors, self.periods, self.sentiments, self.covered)
        if len({len(column) for column in columns if column is not None}) > 1:
            raise ValueError("texts, vectors, periods, sentiments and covered differ in length")


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic; `members` and `quotes` are indices of comments, quotes the most central first.

    `sentiment` is the mean of those members whose sentiment is known.
    """

    name: str
    words: tuple[str, ...]
    members: tuple[int, ...]
    quotes: tuple[int, ...]
    sentiment: float | None
    change: Change | None

    @property
    def size(self) -> int:
        """How many comments speak of it."""
        return len(self.members)


def emerging_topics(
    comments: Comments, now: Hashable, before: Hashable | None = None
) -> tuple[Topic, ...]:
    """Topics among the comments that no theme covers, largest first; compared where `before` is.

    Too few comments, or none that are alike, make no topic.
    """
    if not len(comments.texts):
        return ()
    usable = np.isfinite(comments.vectors).all(axis=1)
    if comments.covered is not None:
        usable &= ~np.asarray(comments.covered, bool)
    left = np.flatnonzero(usable)
    labels = clustered(comments.vectors[left])
    words = telling_words([comments.texts[int(i)] for i in left], labels)
    topics = [
        _topic(comments, left[labels == k].tolist(), words[k], now, before)
        for k in range(len(words))
    ]
    return tuple(sorted(topics, key=lambda topic: (-topic.size, topic.members)))


def _topic(
    comments: Comments,
    members: list[int],
    words: tuple[str, ...],
    now: Hashable,
    before: Hashable | None,
) -> Topic:
    quotes = _quotes(comments, members, words)
    known = (
        [score for score in (comments.sentiments[i] for i in members) if score is not None]
        if comments.sentiments is not None
        else []
    )
    name = ", ".join(words) or _shortened(comments.texts[quotes[0]])
    return Topic(
        name,
        words,
        tuple(members),
        quotes,
        round(float(np.mean(known)), 4) if known else None,
        None if before is None else _change(comments, members, now, before),
    )


def _quotes(comments: Comments, members: list[int], words: Sequence[str]) -> tuple[int, ...]:
    """The comments nearest the middle, each text once; first those that are short and say a word
    of the topic's name, so that a name explains itself.
    """
    rows = unit(comments.vectors[members])
    nearness = np.round(rows @ unit(rows.mean(axis=0)), 6)
    order = [members[i] for i in np.argsort(-nearness, kind="stable")]
    folded = [word.casefold() for word in words]

    def rank(i: int) -> tuple[bool, bool]:
        text = comments.texts[i]
        return len(text) > LONGEST_QUOTE, not any(word in text.casefold() for word in folded)

    once: dict[str, int] = {}
    for i in sorted(order, key=rank):
        once.setdefault(comments.texts[i].strip().casefold(), i)
    return tuple(once.values())[:QUOTES]


def _change(comments: Comments, members: list[int], now: Hashable, before: Hashable) -> Change:
    periods = comments.periods
    own = [periods[i] for i in members]
    return change(
        before=sum(period == before for period in own),
        of_before=sum(period == before for period in periods),
        now=sum(period == now for period in own),
        of_now=sum(period == now for period in periods),
    )


def _shortened(text: str) -> str:
    """The beginning of a text, where it has no telling word to be named by."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_NAME else f"{line[: LONGEST_NAME - 1].rstrip()}\u2026"
