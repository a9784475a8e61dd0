"""Labelled examples as an encoder is taught them: each passage once, with all its labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.labels import RISKS
from nlp.text import clean
from nlp.themes import theme_keys
from nlp.training.example import Example
from nlp.training.targets import (
    Matrix,
    Targets,
    emotion_targets,
    own_targets,
    sentiment_targets,
    theme_targets,
    urgency_targets,
)

OURS = ("written", "sentences", "seeds")
"""The sources of comments written for Waymark that label sentiment."""
OWN_SEEN = 8
"""A source's own label teaches when so many examples carry it."""


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """All examples as targets, row by row; `passages` tells which rows share one passage."""

    examples: Sequence[Example]
    passages: list[list[int]]
    sentiment: Targets
    themes: Targets
    emotions: Targets
    urgency: Targets
    own: Targets
    any_row: NDArray[np.intp]
    any_of: Matrix
    any_weight: Matrix
    sets_of: dict[int, list[int]]


def lesson(examples: Sequence[Example]) -> Lesson:
    """Targets of the examples; labels that may mean one of several themes are sets of their own."""
    rows, members, weights = _any_of(examples)
    sets_of: dict[int, list[int]] = {}
    for k, row in enumerate(rows):
        sets_of.setdefault(int(row), []).append(k)
    return Lesson(
        examples=examples,
        passages=_passages(examples),
        sentiment=sentiment_targets(examples),
        themes=theme_targets(examples),
        emotions=emotion_targets(examples),
        urgency=with_risks(examples, urgency_targets(examples)),
        own=own_targets(examples, OWN_SEEN),
        any_row=rows,
        any_of=members,
        any_weight=weights,
        sets_of=sets_of,
    )


def with_ours(course: Lesson, share: float) -> Lesson:
    """The same lesson, the sentiment of our own comments counting `share` of what it did."""
    ours = np.array([[example.source in OURS] for example in course.examples])
    known = course.sentiment
    weight = np.where(ours, known.weight * np.float32(share), known.weight)
    return replace(course, sentiment=Targets(known.wanted, weight))


def _passages(examples: Sequence[Example]) -> list[list[int]]:
    found: dict[tuple[str, str, str], list[int]] = {}
    for row, example in enumerate(examples):
        found.setdefault((example.source, example.text, example.question), []).append(row)
    return list(found.values())


def _any_of(examples: Sequence[Example]) -> tuple[NDArray[np.intp], Matrix, Matrix]:
    column = {key: k for k, key in enumerate(theme_keys())}
    rows, members, weights = [], [], []
    for row, example in enumerate(examples):
        for themes in (t for t in example.themes or () if len(t) > 1):
            member = np.zeros(len(column), np.float32)
            member[[column[key] for key in themes]] = 1.0
            rows.append(row)
            members.append(member)
            weights.append(example.weight)
    many = np.stack(members) if members else np.zeros((0, len(column)), np.float32)
    return np.array(rows, np.intp), many, np.array(weights, np.float32)


def with_risks(examples: Sequence[Example], urgent: Targets) -> Targets:
    """Column 0 is urgent or not; then one column a risk."""
    known = [[float(example.risks is not None)] for example in examples]
    risks = [[risk in (example.risks or ()) for risk in RISKS] for example in examples]
    weight = np.repeat(np.array(known, np.float32), len(RISKS), axis=1)
    return Targets(
        np.hstack([urgent.wanted, np.array(risks, np.float32)]), np.hstack([urgent.weight, weight])
    )


def tokenised(tokenizer: Any, texts: Sequence[str], questions: Sequence[str], longest: int) -> Any:
    """Encodings of the tokenizer, the question in front where there is one."""
    pairs = [
        (q, clean(t).text) if q else clean(t).text for t, q in zip(texts, questions, strict=True)
    ]
    tokenizer.enable_truncation(longest, strategy="longest_first")
    return tokenizer.encode_batch(pairs)
