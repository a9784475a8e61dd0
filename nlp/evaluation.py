"""How good the reader is, beside its peers, on comments that none of them learnt from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.labels import SENTIMENTS
from nlp.metrics import calibration_error, macro_f1, theme_scores
from nlp.training.example import Example
from nlp.training.folder import folder_examples
from nlp.training.many_gather import MANY, many_examples
from nlp.training.peers import ReaderSystem, System
from nlp.training.tables import POLARITY, choose, read_table
from nlp.training.theme_files import theme_map

CONSUMER = "consumer_aspects_check.csv"
SENTIMENT_PARTS = (
    "dynasent_r1",
    "dynasent_r2",
    "sst3",
    "patient_survey",
    "amazon_reviews",
    "tweets",
    "consumer_aspects",
)
CALIBRATED_PARTS = ("dynasent_r1", "dynasent_r2", "sst3", "patient_survey")
MACRO = "sentiment macro-F1"
THEME_PARTS = ("patient_survey", "restaurant_aspects", "consumer_aspects")


@dataclass(frozen=True, slots=True)
class Score:
    """One figure of the table: a test part, a measure, a system, its value in 0..1."""

    part: str
    n: int
    measure: str
    system: str
    value: float


def test_examples(folder: Path) -> list[Example]:
    """The comments to check with: test parts of the folder, and the consumer reviews."""
    every = [example for example in folder_examples(folder) if example.part == "test"]
    return [*every, *consumer_examples(folder)]


def consumer_examples(folder: Path) -> list[Example]:
    """Reviews of ten industries; their licence is not stated, so they never train."""
    path = folder / CONSUMER
    if not path.is_file():
        return []
    mapped = theme_map(folder)
    examples = []
    for line, row in enumerate(read_table(path, ["aspect_polarity", "text"]), start=2):
        pairs = [pair.rsplit(":", 1) for pair in row["aspect_polarity"].split("|")]
        found = {choose(path, line, "aspect_polarity", pair[-1], POLARITY) for pair in pairs}
        sentiment = next(iter(found)) if len(found) == 1 else None
        keys = [("consumer_aspects", pair[0]) for pair in pairs]
        themes = dict.fromkeys(mapped[key] for key in keys if key in mapped)
        examples.append(
            Example(
                "consumer_aspects",
                "test",
                row["text"],
                sentiment=sentiment,
                themes=tuple(themes),
            )
        )
    return examples


def emotion_scores(system: ReaderSystem, examples: Sequence[Example]) -> list[Score]:
    """Micro- and macro-F1 of the ten emotions on comments labelled with them.

    An emotion that the labels leave open for a comment is neither right nor wrong there.
    """
    part = [e for e in examples if e.emotions is not None and e.source == "emotions"]
    if not part:
        return []
    given = zip(part, system.emotions(part), strict=True)
    found = [frozenset(one - e.unknown_emotions) for e, one in given]
    wanted = [[frozenset([emotion]) for emotion in sorted(e.emotions or ())] for e in part]
    both = theme_scores(wanted, found)
    return [
        Score("emotions", len(part), "emotions micro-F1", system.name, both.micro),
        Score("emotions", len(part), "emotions macro-F1", system.name, both.macro),
    ]


def language_scores(system: System, folder: Path) -> list[Score]:
    """Sentiment in each language beside English, on test tweets, and the mean of them."""
    every = [example for example in many_examples(folder) if example.part == "test"]
    found = []
    for language in MANY:
        part = [e for e in every if e.language == language and e.sentiment is not None]
        labels = [SENTIMENTS[e.sentiment.index(max(e.sentiment))] for e in part if e.sentiment]
        if part:
            value = macro_f1(labels, system.sentiments(part))
            found.append(Score(f"tweets_{language}", len(part), MACRO, system.name, value))
    if found:
        mean = sum(score.value for score in found) / len(found)
        number = sum(score.n for score in found)
        found.append(Score("five languages, mean", number, MACRO, system.name, mean))
    return found


def evaluate(systems: Sequence[System], examples: Sequence[Example]) -> list[Score]:
    """Macro-F1 and calibration of sentiment, micro- and macro-F1 of themes, by part and system."""
    scores = []
    for source in SENTIMENT_PARTS:
        part = [e for e in examples if e.source == source and e.sentiment is not None]
        wanted = [e.sentiment.index(max(e.sentiment)) for e in part if e.sentiment]
        labels = [SENTIMENTS[i] for i in wanted]
        for system in systems if part else ():
            value = macro_f1(labels, system.sentiments(part))
            scores.append(Score(source, len(part), MACRO, system.name, value))
        if source in CALIBRATED_PARTS and part:
            scores.extend(_calibration(source, part, wanted, systems))
    for source in THEME_PARTS:
        part = [e for e in examples if e.source == source and e.themes is not None]
        for system in systems if part else ():
            scores.extend(_theme_scores(source, part, system))
    return scores


def _calibration(
    source: str, part: Sequence[Example], wanted: Sequence[int], systems: Sequence[System]
) -> list[Score]:
    given = [(system.name, system.probabilities(part)) for system in systems]
    return [
        Score(source, len(part), "calibration error", name, calibration_error(rows, wanted))
        for name, rows in given
        if rows is not None
    ]


def _theme_scores(source: str, part: Sequence[Example], system: System) -> list[Score]:
    found = system.themes(part)
    if found is None:
        return []
    both = theme_scores([example.themes or () for example in part], found)
    return [
        Score(source, len(part), "themes micro-F1", system.name, both.micro),
        Score(source, len(part), "themes macro-F1", system.name, both.macro),
    ]


def markdown_table(scores: Sequence[Score]) -> str:
    """The scores as a Markdown table: a row a part and measure, a column a system."""
    systems = list(dict.fromkeys(score.system for score in scores))
    cells = {(s.part, s.n, s.measure, s.system): s.value for s in scores}
    lines = [
        "| test part | n | measure | " + " | ".join(systems) + " |",
        "|---|---:|---|" + "---:|" * len(systems),
    ]
    for part, n, measure in dict.fromkeys((s.part, s.n, s.measure) for s in scores):
        values = [cells.get((part, n, measure, system)) for system in systems]
        shown = ["n/a" if value is None else f"{value:.3f}" for value in values]
        lines.append(f"| {part} | {n:,} | {measure} | " + " | ".join(shown) + " |")
    return "\n".join(lines) + "\n"
