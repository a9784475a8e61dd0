from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from nlp.training.example import Example
from nlp.training.label_checks import Joined, label_scores
from nlp.training.linear_peers import LinearSystem, TfIdf
from nlp.training.peers import lexicons
from nlp.training.tables import POLARITY

WORDS = {"negative": "late and rude", "neutral": "on a tuesday", "positive": "quick and kind"}


def shop(part: str, n: int) -> list[Example]:
    return [
        Example(
            "amazon_reviews",
            part,  # type: ignore[arg-type]  # one of the parts
            f"{words} {i % 7}",
            sentiment=POLARITY[sign],
            themes=(frozenset({"delivery_speed"}),) if sign != "neutral" else (),
        )
        for i in range(n)
        for sign, words in WORDS.items()
    ]


def test_words_learnt_from_comments_are_found_again() -> None:
    system = LinearSystem(TfIdf(), [*shop("train", 20), *shop("validation", 6)])
    unseen = [
        Example("tweets", "test", text) for text in ("rude and late it was", "so kind, quick")
    ]
    assert system.sentiments(unseen) == ["negative", "positive"]
    rows = system.probabilities(unseen)
    assert rows is not None and rows.shape == (2, 3)
    assert system.themes(unseen) == [frozenset({"delivery_speed"})] * 2


def test_lexicons_know_plain_words() -> None:
    plain = [
        Example("tweets", "test", "a wonderful day"),
        Example("tweets", "test", "terrible food"),
    ]
    found = {system.name: system.sentiments(plain) for system in lexicons()}
    assert found == {name: ["positive", "negative"] for name in ("VADER", "TextBlob")}


class Length:
    """How long a text is: enough to tell `long` from `short`."""

    name = "length"

    def fit(self, examples: Sequence[Example]) -> None: ...

    def rows(self, examples: Sequence[Example]) -> Any:
        return np.array([[len(e.text) - 10.0] for e in examples])


def test_a_sources_own_labels_are_learnt_on_top_of_features() -> None:
    def said(part: Any, n: int) -> list[Example]:
        return [
            Example("restaurant_aspects", part, "x" * size, labels=frozenset({label}))
            for size, label in [(3, "short"), (17, "long")] * n
        ]

    examples = [*said("train", 20), *said("test", 5)]
    scores = label_scores(examples, [Length(), Joined("both", [Length(), TfIdf()])])
    micro = {score.system: score.value for score in scores if "micro" in score.measure}
    assert micro == {"length": pytest.approx(1.0), "both": pytest.approx(1.0)}
    assert {score.n for score in scores} == {10}


def test_sources_without_labels_are_left_out() -> None:
    assert label_scores(shop("train", 3), [TfIdf()]) == []
