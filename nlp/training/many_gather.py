"""What the reader of several languages may learn from; no torch, as with `gather`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from nlp.text import clean
from nlp.training.example import Example
from nlp.training.letters import letters
from nlp.training.tables import PARTS, POLARITY, choose, read_table
from nlp.training.written_files import written_examples

MANY = {
    "es": "spanish",
    "fr": "french",
    "de": "german",
    "it": "italian",
    "pt": "portuguese",
}
"""The languages beside English, and what the data folder calls them."""
TWEETS, WRITTEN = "tweets", "written"


def source_of(kind: str, language: str) -> str:
    """The name of a language's source, such as "tweets_es"; an epoch's shares go by it."""
    return f"{kind}_{language}"


def tweets_in(folder: Path, language: str) -> Iterator[Example]:
    """One language's tweets with their sentiment, those to check with included."""
    path = folder / "sentiment_languages.csv"
    rows = read_table(path, ["language", "split", "sentiment", "text"])
    for line, row in enumerate(rows, start=2):
        if row["language"] == MANY[language]:
            polarity = choose(path, line, "sentiment", row["sentiment"], POLARITY)
            part = choose(path, line, "split", row["split"], PARTS)
            source = source_of(TWEETS, language)
            yield Example(source, part, row["text"], sentiment=polarity, language=language)


def written_in(language: str) -> Iterator[Example]:
    """Our own comments in one language, with themes, emotions and risks, whole and by clause."""
    for example in written_examples(language):
        yield replace(example, source=source_of(WRITTEN, language), language=language)


def many_examples(folder: Path) -> list[Example]:
    """Everything in the languages beside English, those to check with included."""
    found: list[Example] = []
    for language in MANY:
        found += [*tweets_in(folder, language), *written_in(language)]
    return found


def many_training_examples(folder: Path) -> list[Example]:
    """What may be learned from; no text of a test part, also where another part repeats it."""
    every = many_examples(folder)
    tested = {letters(example.text) for example in every if example.part == "test"}
    return [e for e in every if e.part != "test" and letters(e.text) not in tested]


def many_texts(examples: Iterable[Example]) -> list[str]:
    """Each text once, cleaned as the reader does: what pieces are counted in."""
    return [clean(text).text for text in dict.fromkeys(example.text for example in examples)]
