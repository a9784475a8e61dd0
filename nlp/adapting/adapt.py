"""Heads adapted to lessons: what may move, how far, and what that gives on comments held out."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from nlp.adapting.fit import Rows, Space, costs, fitted
from nlp.adapting.lesson import FEELING, Lesson, Seen
from nlp.adapting.read import Found, found, wrong
from nlp.adapting.targets import Mix, expected_wrong, rows_of
from nlp.heads import Head
from nlp.labels import URGENT

ADAPTED = ("sentiment", "themes", "urgency")
STRENGTHS = (3000.0, 1000.0, 300.0, 100.0)
"""Of the prior, strongest first."""
LEAST_LESSONS = 40
"""Corrected comments; of fewer, a fifth held out can't tell anything."""
LEAST_LABEL = 8
"""Comments in which somebody spoke of a label before it may move: fewer are those of one mood."""
FOLDS, INNER = 5, 3

Heads = Mapping[str, Head]


@dataclass(frozen=True, slots=True, eq=False)
class Adapted:
    """The heads after the lessons: those that moved, the labels that did, and how strongly held.

    `held_out` is what heads that never saw a comment find in it, by the comment's key; `share`
    how many of the uncorrected comments stand for one corrected, by head.
    """

    heads: dict[str, Head]
    moved: dict[str, tuple[str, ...]]
    strengths: dict[str, float]
    share: dict[str, float] = field(default_factory=dict)
    held_out: dict[int, Found] = field(default_factory=dict)


def adapted(
    lessons: Sequence[Seen],
    others: Sequence[Seen],
    shipped: Heads,
    alive: Callable[[], None] = lambda: None,
) -> Adapted:
    """Learn from all lessons, and from four in five in turn to read the fifth.

    Same comments, same heads. `alive` is called between fits, and may raise to stop.
    """
    whole = _once(lessons, others, shipped, alive)
    held_out: dict[int, Found] = {}
    folds = _folds([*lessons, *others], FOLDS, "held out")
    for fold in range(FOLDS):
        inside = [one for one in lessons if folds[one.key] != fold]
        beside = [one for one in others if folds[one.key] != fold]
        heads = {**shipped, **_once(inside, beside, shipped, alive).heads}
        left = [one for one in (*lessons, *others) if folds[one.key] == fold]
        held_out |= {one.key: found(heads, one.vectors) for one in left}
    return Adapted(whole.heads, whole.moved, whole.strengths, whole.share, held_out)


def _once(
    lessons: Sequence[Seen], others: Sequence[Seen], shipped: Heads, alive: Callable[[], None]
) -> Adapted:
    """Learn from these comments, the strength of the prior chosen among themselves."""
    mix = Mix(dict(shipped), _shares(lessons, others, shipped))
    every = [*lessons, *others]
    result = Adapted({}, {}, {}, mix.share)
    if not lessons:
        return result
    vectors = np.concatenate([one.vectors for one in every])
    space, inner = Space.of(vectors), _folds(every, INNER, "strength")
    for name in ADAPTED:
        head = shipped[name]
        movable = _movable(name, [one.lesson for one in lessons if one.lesson], lessons, head)
        if not movable:
            continue
        rows = rows_of(name, every, mix, vectors.shape[1])
        strength = _strength(head, rows, movable, space, inner, alive)
        if strength is None:
            continue
        result.heads[name] = fitted(head, rows, movable, strength, space)
        result.moved[name] = tuple(head.labels[k] for k in movable)
        result.strengths[name] = strength
    return result


def _movable(
    name: str, lessons: Sequence[Lesson], comments: Sequence[Seen], head: Head
) -> list[int]:
    """The columns of labels that people spoke of often enough."""
    spoken: Counter[str] = Counter()
    for lesson, one in zip(lessons, comments, strict=True):
        if name == "sentiment" and FEELING in lesson.said:
            as_read = head.labels[int(head.probabilities(one.vectors[:1])[0].argmax())]
            spoken.update({as_read, lesson.sentiment or as_read})
        elif name != "sentiment":
            spoken.update(lesson.said & (set(head.labels) if name == "themes" else {URGENT}))
    return [k for k, label in enumerate(head.labels) if spoken[label] >= LEAST_LABEL]


def _shares(lessons: Sequence[Seen], others: Sequence[Seen], shipped: Heads) -> dict[str, float]:
    """How much each uncorrected comment counts, so that all together are like a plain sample.

    Whoever corrected these comments saw others that were right. How many, follows from how much
    the model expects to have wrong: of whole readings, and of each part of them.
    """
    if not others:
        return dict.fromkeys(ADAPTED, 0.0)
    off = {name: expected_wrong(name, others, shipped[name]) for name in ADAPTED}
    whole = 1 - float(np.prod([1 - off[name] for name in ADAPTED]))
    read = {one.key: found(shipped, one.vectors) for one in lessons}
    shares = {}
    for name in ADAPTED:
        bad = sum(wrong(name, read[one.key], one.lesson) for one in lessons)
        right = len(lessons) - bad
        missing = max(len(lessons) * _odds(whole), bad * _odds(off[name]) - right)
        shares[name] = missing / len(others)
    return shares


def _odds(wrong: float) -> float:
    """Right ones for each wrong one."""
    return (1 - wrong) / wrong


def _strength(
    head: Head,
    rows: Rows,
    movable: Sequence[int],
    space: Space,
    inner: Mapping[int, int],
    alive: Callable[[], None],
) -> float | None:
    """The strongest prior that does as well as the best on comments held out.

    As well: its cross-entropy is within one standard error of the best's, by comment. None where
    not moving does as well, or where more decisions would be wrong.
    """
    folds = np.array([inner[int(key)] for key in rows.groups])
    cost = np.stack([costs(head, rows, movable)] * (1 + len(STRENGTHS)))
    for fold in range(INNER):
        inside, outside = rows.only(folds != fold), rows.only(folds == fold)
        for place, strength in enumerate(STRENGTHS, start=1):
            alive()
            moved = fitted(head, inside, movable, strength, space)
            cost[place, folds == fold] = costs(moved, outside, movable)
    _, group = np.unique(rows.groups, return_inverse=True)
    lost = np.stack([np.bincount(group, row) for row in cost[:, :, 0]])
    worse = lost - lost[lost.sum(axis=1).argmin()]
    error = worse.std(axis=1) * np.sqrt(worse.shape[1])
    place = int(np.flatnonzero(worse.sum(axis=1) <= error)[0])
    missed = cost[:, :, 1].sum(axis=1)
    return STRENGTHS[place - 1] if place and missed[place] < missed[0] else None


def _folds(comments: Sequence[Seen], folds: int, salt: str) -> dict[int, int]:
    """A fold for each comment, by its key; as many lessons in each as can be, and others too.

    Comments are put in an order of chance that is the same for ever.
    """
    found: dict[int, int] = {}
    for spoken in (True, False):
        keys = [one.key for one in comments if (one.lesson is not None) is spoken]
        mixed = sorted(keys, key=lambda key: hashlib.sha256(f"{salt}{key}".encode()).digest())
        found |= {key: place % folds for place, key in enumerate(mixed)}
    return found
