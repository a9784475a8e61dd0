"""One labelled comment, whatever file it came from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

Part = Literal["train", "validation", "test"]
ThemeSet = frozenset[str]


@dataclass(frozen=True, slots=True)
class Example:
    """A comment with what is known of it; None means that nobody said.

    `sentiment` holds the probabilities of negative, neutral, positive. `themes` holds sets of
    which any member counts: a label that may mean one of several themes is a set of several. With
    a `span`, the labels are those of that clause, read within the whole text. Examples of one
    `fold` share their words, and are left out of training together. `labels` are the source's own,
    finer or other than ours: they teach the encoder and are no part of a reading.
    """

    source: str
    part: Part
    text: str
    question: str = ""
    span: tuple[int, int] | None = None
    weight: float = 1.0
    sentiment: tuple[float, float, float] | None = None
    themes: tuple[ThemeSet, ...] | None = None
    emotions: frozenset[str] | None = None
    unknown_emotions: frozenset[str] = frozenset()
    urgent: bool | None = None
    risks: frozenset[str] | None = None
    fold: int | None = None
    labels: frozenset[str] | None = None
    language: str = "en"


def bucket(key: str, buckets: int) -> int:
    """A number in 0..buckets-1 that depends on the key alone: the split is the same for ever."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") % buckets
