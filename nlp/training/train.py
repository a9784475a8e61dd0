"""The whole training: labelled comments to an artefact, the same one every time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nlp.artefact import Artefact, write_artefact
from nlp.encoder import Encoder
from nlp.text import clean
from nlp.training.cache import Progress, cached_vectors
from nlp.training.checks import check_enough
from nlp.training.example import Example
from nlp.training.fits import FITS, L2
from nlp.training.folder import folder_examples
from nlp.training.pairs import pair_examples
from nlp.training.seeds import seed_examples, urgency_examples
from nlp.windows import Passage

NAME = "waymark-2026.11"
LONG = 25
"""Letters from which equal texts are one text in two files, and not two people's "very good"."""


def train(folder: Path, out: Path, cache: Path, encoder: Encoder, progress: Progress) -> Artefact:
    """Learn from the folder's comments and our own, and write the model to `out`."""
    examples = training_examples(folder)
    check_enough(examples, folder)
    progress(f"{len(examples):,} labelled comments")
    vectors = cached_vectors(encoder, [passage(e) for e in examples], cache, progress)
    heads = {}
    for name, fit in FITS.items():
        heads[name] = fit(examples, vectors)
        progress(f"fitted {name}")
    info = encoder.info
    described = {"comments": _counts(examples), "l2": L2}
    artefact = Artefact(NAME, info.weights, info.layers, info.width, heads, described)
    write_artefact(out, artefact)
    return artefact


def training_examples(folder: Path) -> list[Example]:
    """All that may be learned from; the test parts stay out, also where another file has them."""
    seeds = list(seed_examples())
    every = [*folder_examples(folder), *seeds, *pair_examples(seeds), *urgency_examples()]
    tested = {_letters(e.text) for e in every if e.part == "test"}
    asked = {letters for letters in tested if len(letters) >= LONG}
    return [e for e in every if e.part != "test" and _letters(e.text) not in asked]


def _letters(text: str) -> str:
    """A text for comparison: data sets space and case the same sentence differently."""
    return "".join(filter(str.isalpha, text.lower()))


def passage(example: Example) -> Passage:
    """An example as the reader would give it to the encoder."""
    spans = () if example.span is None else (example.span,)
    return Passage(clean(example.text).text, spans=spans)


def _counts(examples: Sequence[Example]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for example in examples:
        counts[example.source] = counts.get(example.source, 0) + 1
    return dict(sorted(counts.items()))
