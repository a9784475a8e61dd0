"""Refuse to train on too little: a class of three examples learns noise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from nlp.errors import TrainingDataError
from nlp.labels import EMOTIONS, SENTIMENTS
from nlp.themes import theme_keys
from nlp.training.example import Example

LEAST = 10
OURS = "written"
"""Our own comments don't stand in for a label that a data file has lost."""


def check_enough(examples: Sequence[Example], folder: Path) -> None:
    """Every sentiment, theme and emotion needs examples; names the first that has too few."""
    counts = _counts(examples)
    wanted = {
        ("sentiment", "sentiment_sentences.csv"): SENTIMENTS,
        ("theme", "patient_survey.csv and nlp/training/seed_comments.csv"): theme_keys(),
        ("emotion", "emotions.csv"): EMOTIONS,
        ("urgent", "nlp/training/seed_urgency.csv"): ("yes", "no"),
    }
    for (kind, file), labels in wanted.items():
        for label in labels:
            if counts[kind, label] < LEAST:
                raise TrainingDataError(
                    f"the {kind} {label!r} has {counts[kind, label]} examples in {file}",
                    field=str(folder),
                    mend=f"Label at least {LEAST}, better hundreds, or restore the file.",
                )


def _counts(examples: Sequence[Example]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for example in examples:
        if example.sentiment is not None and max(example.sentiment) > 0.5:
            label = SENTIMENTS[example.sentiment.index(max(example.sentiment))]
            counts["sentiment", label] += 1
        counts.update(("theme", key) for themes in example.themes or () for key in themes)
        if example.source != OURS:
            counts.update(("emotion", emotion) for emotion in example.emotions or ())
        if example.urgent is not None:
            counts["urgent", "yes" if example.urgent else "no"] += 1
    return counts
