"""All that the reader may learn from; no torch, so that evaluating needs none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nlp.training.example import Example
from nlp.training.folder import folder_examples
from nlp.training.letters import letters
from nlp.training.seeds import seed_examples, urgency_examples
from nlp.training.theme_labels import Table, with_themes
from nlp.training.written_files import written_examples

LONG = 25
"""Letters from which equal texts are one text in two files, and not two people's "very good"."""


def training_examples(folder: Path, themes: Table | None = None) -> list[Example]:
    """What may be learned from; the test parts stay out, also where another file has them.

    Texts in the table `themes`, ours if left out, have its themes beside what their people said.
    """
    ours = [*seed_examples(), *written_examples(), *urgency_examples()]
    every = [*folder_examples(folder), *ours]
    tested = {letters(e.text) for e in every if e.part == "test"}
    asked = {text for text in tested if len(text) >= LONG}
    learnt = [e for e in every if e.part != "test" and letters(e.text) not in asked]
    return with_themes(learnt, themes)


def counts(examples: Sequence[Example]) -> dict[str, int]:
    """How many examples each source gives."""
    found: dict[str, int] = {}
    for example in examples:
        found[example.source] = found.get(example.source, 0) + 1
    return dict(sorted(found.items()))
