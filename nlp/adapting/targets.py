"""What each head is to learn of comments: what people said, what they left, and the rest as it is.

People correct what is wrong and leave what is right unsaid: learned from corrections alone, a head
would take the exceptions for the rule. So comments nobody spoke of stand beside them, with what the
shipped model reads there, and count for as many as it expects to have right (`share`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.adapting.fit import Rows
from nlp.adapting.lesson import FEELING, Lesson, Seen
from nlp.heads import Head
from nlp.labels import URGENT

LEFT = 0.5
"""How much counts what a person saw and left, where the model was SURE of it too."""
SURE = 0.8
CLAUSE = 0.5
"""How much the sentiment of a clause counts, beside that of a whole comment."""
LEAST_SHARE = 0.02

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Mix:
    """The shipped heads, and how much an uncorrected comment counts in the rows of each."""

    heads: dict[str, Head]
    share: dict[str, float]


def rows_of(name: str, comments: Iterable[Seen], mix: Mix, width: int) -> Rows:
    """The rows of one head: `sentiment`, `themes` or `urgency`."""
    head = mix.heads[name]
    parts: list[tuple[Matrix, Matrix, Matrix, int]] = []
    for one in comments:
        if one.lesson is None:
            wanted, weight = _as_read(one, head, mix.share[name])
        else:
            wanted, weight = _TOLD[name](one, one.lesson, head)
        kept = weight.any(axis=1)
        parts.append((one.vectors[kept], wanted[kept], weight[kept], one.key))
    labels = len(head.labels)
    return Rows(
        np.concatenate([np.zeros((0, width), np.float32), *(p[0] for p in parts)]),
        np.concatenate([np.zeros((0, labels), np.float32), *(p[1] for p in parts)]),
        np.concatenate([np.zeros((0, labels), np.float32), *(p[2] for p in parts)]),
        np.concatenate([np.zeros(0, np.int64), *(np.full(len(p[0]), p[3]) for p in parts)]),
    )


def _nothing(one: Seen, head: Head) -> tuple[Matrix, Matrix]:
    shape = (len(one.vectors), len(head.labels))
    return np.zeros(shape, np.float32), np.zeros(shape, np.float32)


def _as_read(one: Seen, head: Head, share: float) -> tuple[Matrix, Matrix]:
    """What the head itself reads: of the whole, or where each theme is likeliest."""
    chances = head.probabilities(one.vectors)
    _, weight = _nothing(one, head)
    if head.link == "softmax":
        weight[0] = share
    else:
        weight[chances.argmax(axis=0), np.arange(len(head.labels))] = share
    return chances, weight


def _sentiment(one: Seen, lesson: Lesson, head: Head) -> tuple[Matrix, Matrix]:
    wanted, weight = _nothing(one, head)
    chances = head.probabilities(one.vectors[:1])[0]
    if lesson.sentiment is not None:
        place = head.labels.index(lesson.sentiment)
        wanted[0, place] = 1.0
        sure = lesson.whole or FEELING in lesson.said or chances[place] >= SURE
        weight[0] = 1.0 if sure else LEFT
    for stretch in lesson.places:
        for row in one.rows_in(stretch) if stretch.sentiment else ():
            if row:
                wanted[row] = np.array(head.labels) == stretch.sentiment
                weight[row] = CLAUSE
    return wanted, weight


def _themes(one: Seen, lesson: Lesson, head: Head) -> tuple[Matrix, Matrix]:
    wanted, weight = _nothing(one, head)
    chances = head.probabilities(one.vectors)
    for k, theme in enumerate(head.labels):
        spoken = theme in lesson.themes
        sure = lesson.whole or theme in lesson.said
        best = int(chances[:, k].argmax())
        if spoken:
            rows = _rows(one, lesson, theme, True) or [best]
            wanted[rows, k] = 1.0
            weight[rows, k] = 1.0 if sure or chances[best, k] >= SURE else LEFT
        else:
            weight[best, k] = 1.0 if sure or chances[best, k] <= 1 - SURE else LEFT
        for row in _rows(one, lesson, theme, False):
            weight[row, k] = max(weight[row, k], 1.0 - wanted[row, k])
    return wanted, weight


def _rows(one: Seen, lesson: Lesson, theme: str, spoken: bool) -> list[int]:
    """The rows of which a person said that they speak of a theme, or that they do not."""
    told = [p for p in lesson.places if p.theme == theme and (p.sentiment is not None) == spoken]
    return sorted({row for place in told for row in one.rows_in(place)})


def _urgency(one: Seen, lesson: Lesson, head: Head) -> tuple[Matrix, Matrix]:
    wanted, weight = _nothing(one, head)
    k = head.labels.index(URGENT)
    wanted[0, k] = float(lesson.urgent)
    chance = float(head.probabilities(one.vectors[:1])[0, k])
    sure = (chance if lesson.urgent else 1 - chance) >= SURE
    weight[0, k] = 1.0 if lesson.whole or URGENT in lesson.said or sure else LEFT
    return wanted, weight


_TOLD = {"sentiment": _sentiment, "themes": _themes, "urgency": _urgency}


def expected_wrong(name: str, others: Sequence[Seen], head: Head) -> float:
    """The share of comments that a head expects to have wrong, by its own probabilities."""
    if not others:
        return 1.0
    rights = []
    for one in others:
        chances = head.probabilities(one.vectors)
        if name == "sentiment":
            rights.append(float(chances[0].max()))
            continue
        row, cut = chances.max(axis=0), head.thresholds
        if name == "urgency":
            k = head.labels.index(URGENT)
            row, cut = chances[0, k : k + 1], cut[k : k + 1]
        rights.append(float(np.where(row >= cut, row, 1 - row).prod()))
    return max(LEAST_SHARE, 1.0 - float(np.mean(rights)))
