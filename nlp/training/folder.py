"""The labelled comments of a data folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from nlp.labels import EMOTIONS
from nlp.training.example import Example
from nlp.training.sentiment_files import clothing, graded, sentences, tweets
from nlp.training.tables import HERE, PARTS, choose, read_table, theme_set
from nlp.training.theme_files import bank, patients, restaurants


def emotions(folder: Path) -> Iterator[Example]:
    """Reddit comments with emotions; our own table says which of ours a label is."""
    table = HERE / "emotion_map.csv"
    ours: dict[str, frozenset[str]] = {}
    unknown: dict[str, frozenset[str]] = {}
    known = {emotion: emotion for emotion in EMOTIONS}
    rows = read_table(table, ["label", "emotion", "unknown"])
    for line, row in enumerate(rows, start=2):
        ours[row["label"]] = theme_set(table, line, "emotion", row["emotion"], known)
        unknown[row["label"]] = theme_set(table, line, "unknown", row["unknown"], known)
    path = folder / "emotions.csv"
    for line, row in enumerate(read_table(path, ["split", "emotions", "text"]), start=2):
        labels = row["emotions"].split("|")
        sets = [choose(path, line, "emotions", label, ours) for label in labels]
        found = frozenset[str]().union(*sets)
        yield Example(
            "emotions",
            choose(path, line, "split", row["split"], PARTS),
            row["text"],
            emotions=found,
            unknown_emotions=frozenset[str]().union(*(unknown[label] for label in labels)) - found,
            labels=frozenset(labels),
        )


SOURCES: tuple[Callable[[Path], Iterator[Example]], ...] = (
    sentences,
    graded,
    tweets,
    clothing,
    patients,
    restaurants,
    bank,
    emotions,
)


def folder_examples(folder: Path) -> list[Example]:
    """Every labelled comment of the folder, those to check with included."""
    return [example for source in SOURCES for example in source(folder)]
