"""Comments written for Waymark: every theme in eight industries, and what is urgent."""

from __future__ import annotations

from collections.abc import Iterator

from nlp.training.example import Example, bucket
from nlp.training.tables import HERE, KEYS, POLARITY, choose, read_table

MIXED = {**POLARITY, "mixed": None}
SEED_WEIGHT = 2.0
SEED_FOLDS = 3
URGENCY = {"yes": True, "no": False}
GRAVE = frozenset(
    {
        "account_access",
        "cancellation_contract",
        "fairness_inclusion",
        "payment_billing",
        "privacy_security",
        "problem_resolution",
        "reputation_competitor",
        "safety_care",
    }
)
"""Themes whose complaints may be urgent: there only the urgency file decides."""


def seed_examples() -> Iterator[Example]:
    """The written comments; a mixed one has no single sentiment. All are for training."""
    path = HERE / "seed_comments.csv"
    for line, row in enumerate(read_table(path, ["text", "themes", "sentiment"]), start=2):
        keys = [choose(path, line, "themes", key, KEYS) for key in row["themes"].split("|") if key]
        sentiment = choose(path, line, "sentiment", row["sentiment"], MIXED)
        yield Example(
            "seeds",
            "train",
            row["text"],
            weight=SEED_WEIGHT,
            sentiment=sentiment,
            themes=tuple(frozenset([key]) for key in keys),
            fold=bucket(row["text"], SEED_FOLDS),
            urgent=None if sentiment != POLARITY["positive"] and GRAVE & set(keys) else False,
        )


def urgency_examples() -> Iterator[Example]:
    """Comments that need somebody today, and complaints that sound alike and do not."""
    path = HERE / "seed_urgency.csv"
    for line, row in enumerate(read_table(path, ["text", "urgent"]), start=2):
        urgent = choose(path, line, "urgent", row["urgent"], URGENCY)
        yield Example("urgency", "train", row["text"], urgent=urgent)
