"""The data folder's files that label sentiment alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from nlp.training.example import Example, Part, bucket
from nlp.training.tables import PARTS, POLARITY, choose, read_table

CLEAR_RATING, RATING_SPREAD = 0.7, 0.5
CLOTHING = {"1": "negative", "2": "negative", "3": "neutral", "4": "positive", "5": "positive"}


def sentences(folder: Path) -> Iterator[Example]:
    """DynaSent's dev parts to learn from; its tests and SST's tests to check with.

    SST's train part is left out: its licence is not explicit.
    """
    path = folder / "sentiment_sentences.csv"
    rows = read_table(path, ["dataset", "split", "sentiment", "text"])
    for line, row in enumerate(rows, start=2):
        polarity = choose(path, line, "sentiment", row["sentiment"], POLARITY)
        part = choose(path, line, "split", row["split"], PARTS)
        if part != "test":
            if not row["dataset"].startswith("dynasent"):
                continue
            part = "validation" if bucket(row["text"], 10) == 0 else "train"
        yield Example(row["dataset"], part, row["text"], sentiment=polarity)


def graded(folder: Path) -> Iterator[Example]:
    """Reviews rated by twenty people: the mean rating becomes soft targets."""
    path = folder / "sentiment_graded.csv"
    weights = {"amazon_reviews": 1.0, "movie_reviews": 0.5}
    rows = read_table(path, ["dataset", "mean_rating", "text"])
    for line, row in enumerate(rows, start=2):
        if row["dataset"] in weights:
            rating = choose(path, line, "mean_rating", row["mean_rating"], float)
            part = _graded_part(row)
            weight = weights[row["dataset"]]
            soft = soft_polarity(rating)
            yield Example(row["dataset"], part, row["text"], weight=weight, sentiment=soft)


def _graded_part(row: dict[str, str]) -> Part:
    """Of the shop reviews, which are what we read, a fifth is kept to check with."""
    fold = bucket(row["text"], 20)
    if row["dataset"] == "amazon_reviews" and fold < 4:
        return "test"
    return "validation" if fold == 4 else "train"


def soft_polarity(rating: float) -> tuple[float, float, float]:
    """Probabilities of negative, neutral, positive from a mean rating in -4..4."""
    negative = 1 / (1 + math.exp((rating + CLEAR_RATING) / RATING_SPREAD))
    positive = 1 / (1 + math.exp((CLEAR_RATING - rating) / RATING_SPREAD))
    return negative, max(0.0, 1.0 - negative - positive), positive


def tweets(folder: Path) -> Iterator[Example]:
    """English tweets: the language of a customer in a hurry."""
    path = folder / "sentiment_languages.csv"
    rows = read_table(path, ["language", "split", "sentiment", "text"])
    for line, row in enumerate(rows, start=2):
        if row["language"] == "english":
            polarity = choose(path, line, "sentiment", row["sentiment"], POLARITY)
            part = choose(path, line, "split", row["split"], PARTS)
            yield Example("tweets", part, row["text"], weight=0.5, sentiment=polarity)


def clothing(folder: Path) -> Iterator[Example]:
    """Reviews of clothes, their stars taken for their sentiment."""
    path = folder / "clothing_reviews.csv"
    for line, row in enumerate(read_table(path, ["rating_1_to_5", "text"]), start=2):
        stars = choose(path, line, "rating_1_to_5", row["rating_1_to_5"], CLOTHING)
        yield Example("clothing", "train", row["text"], weight=0.5, sentiment=POLARITY[stars])
