"""The data folder's files that label themes, most of them sentiment too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nlp.training.example import Example, Part, ThemeSet, bucket
from nlp.training.tables import HERE, KEYS, PARTS, POLARITY, choose, read_table, theme_set

UNLABELLED = {"Labelling not possible", "Not assigned", ""}
NOTHING_SAID = "did not answer"
PATIENT_FOLDS = 10
PATIENT_PARTS: dict[int, Part] = {0: "test", 5: "test", 1: "validation"}
"""By respondent: a fifth to test on, a tenth to set thresholds with."""

ThemeMap = dict[tuple[str, str], ThemeSet]


def theme_map(folder: Path) -> ThemeMap:
    """Our themes by (dataset, its label)."""
    path = folder / "theme_map.csv"
    rows = read_table(path, ["dataset", "label", "theme"])
    return {
        (row["dataset"], row["label"]): theme_set(path, line, "theme", row["theme"], KEYS)
        for line, row in enumerate(rows, start=2)
    }


def patients(folder: Path) -> Iterator[Example]:
    """A hospital survey, split by respondent."""
    path = folder / "patient_survey.csv"
    rating, mapped = "sentiment_1_very_positive_5_very_negative", theme_map(folder)
    columns = ["respondent", "question", rating, "themes", "text"]
    for line, row in enumerate(read_table(path, columns), start=2):
        score = choose(path, line, rating, row[rating], float) if row[rating] else None
        labels = row["themes"].split("|")
        themes: tuple[ThemeSet, ...] | None = tuple(
            dict.fromkeys(mapped[key] for x in labels if (key := ("patient_survey", x)) in mapped)
        )
        if UNLABELLED & set(labels) and row["text"].strip().lower() != NOTHING_SAID:
            themes = None
        yield Example(
            "patient_survey",
            PATIENT_PARTS.get(bucket(row["respondent"], PATIENT_FOLDS), "train"),
            row["text"],
            row["question"],
            sentiment=None if score is None else _five_point(score),
            themes=themes,
            labels=None if UNLABELLED & set(labels) else frozenset(labels),
        )


def _five_point(score: float) -> tuple[float, float, float]:
    return POLARITY["positive" if score < 3 else "negative" if score > 3 else "neutral"]


def restaurants(folder: Path) -> Iterator[Example]:
    """Sentences about restaurants with aspects; a sentence of one polarity has that sentiment."""
    path = folder / "restaurant_aspects.csv"
    mapped = theme_map(folder)
    rows = read_table(path, ["split", "aspect_polarity", "text"])
    for line, row in enumerate(rows, start=2):
        pairs = [pair.rsplit(":", 1) for pair in row["aspect_polarity"].split("|")]
        found = {choose(path, line, "aspect_polarity", pair[-1], POLARITY) for pair in pairs}
        themes = dict.fromkeys(
            mapped[key] for pair in pairs if (key := ("restaurant_aspects", pair[0])) in mapped
        )
        yield Example(
            "restaurant_aspects",
            choose(path, line, "split", row["split"], PARTS),
            row["text"],
            weight=0.5,
            sentiment=next(iter(found)) if len(found) == 1 else None,
            themes=tuple(themes),
            labels=frozenset(pair[0] for pair in pairs),
        )


def bank(folder: Path) -> Iterator[Example]:
    """Requests to a bank; our own table says which themes an intent speaks of."""
    table = HERE / "bank_themes.csv"
    themes = {
        row["intent"]: theme_set(table, line, "themes", row["themes"], KEYS)
        for line, row in enumerate(read_table(table, ["intent", "themes"]), start=2)
    }
    path = folder / "bank_requests.csv"
    for line, row in enumerate(read_table(path, ["split", "intent", "text"]), start=2):
        found = (themes[row["intent"]],) if row["intent"] in themes else ()
        part = choose(path, line, "split", row["split"], PARTS)
        own = frozenset([row["intent"]])
        yield Example("bank_requests", part, row["text"], weight=0.5, themes=found, labels=own)
