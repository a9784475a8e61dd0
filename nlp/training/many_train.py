"""The training of the reader of several languages, from the packed encoder to an artefact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from transformers.utils import logging as transformers_logging

from nlp.artefact import TOKENIZER, Artefact, write_artefact
from nlp.training.example import Example
from nlp.training.finetune import Trainer
from nlp.training.gather import training_examples
from nlp.training.many_gather import (
    MANY,
    WRITTEN,
    many_texts,
    many_training_examples,
    source_of,
)
from nlp.training.many_languages import write_base
from nlp.training.many_tokenizer import kept_pieces, piece_counts, piece_tokenizer
from nlp.training.packed_e5 import packed_file, read_packed
from nlp.training.passages import lesson
from nlp.training.plans import SENTIMENT, Plan
from nlp.training.train import finish, further
from nlp.windows import load_tokenizer

NAME = "waymark-many-2026.12"
PIECES = 12_000
"""At eight bits, 16 MB with the six layers: beside the English model, under 40 MB."""
BASE = "many_base"
ENGLISH = (
    ("amazon_reviews", 0.4),
    ("bank_requests", 0.03),
    ("clothing", 0.3),
    ("dynasent_r1", 0.4),
    ("dynasent_r2", 0.5),
    ("emotions", 0.02),
    ("movie_reviews", 0.08),
    ("patient_survey", 0.3),
    ("restaurant_aspects", 0.2),
    ("seeds", 0.3),
    ("sentences", 0.2),
    ("tweets", 0.6),
    ("written", 0.35),
)
"""Of what teaches the English reader, a part beside the other languages."""
WRITTEN_TWICE = tuple((source_of(WRITTEN, language), 2.0) for language in MANY)
PLAN = Plan(
    epochs=2,
    steps=1100,
    rate=2e-4,
    shares=(*ENGLISH, *WRITTEN_TWICE),
    closing=(*((source, share / 2) for source, share in ENGLISH), *WRITTEN_TWICE),
)
SENTIMENT_SHARES = (
    ("amazon_reviews", 0.2),
    ("bank_requests", 0.0),
    ("clothing", 0.1),
    ("dynasent_r1", 0.3),
    ("dynasent_r2", 0.3),
    ("emotions", 0.0),
    ("movie_reviews", 0.03),
    ("patient_survey", 0.2),
    ("restaurant_aspects", 0.05),
    ("seeds", 0.0),
    ("sentences", 0.1),
    ("tweets", 0.6),
    ("written", 0.1),
)
THEN = (replace(SENTIMENT, steps=600, average=0.99, asked=0.8, shares=SENTIMENT_SHARES),)
"""A further pass for the sentiment, as with English."""

Progress = Callable[[str], None]


def train_many(
    folder: Path,
    out: Path,
    cache: Path,
    plan: Plan,
    progress: Progress,
    packed: Path | None = None,
    english: bool = False,
    then: Sequence[Plan] = (),
) -> Artefact:
    """Learn from the folder's tweets and our own comments, and write the model to `out`.

    It starts from the encoder in the file `packed`, the package's if left out. With `english`,
    what the English reader learns from teaches too: it knows more of themes and emotions. An
    interrupted training goes on from its last checkpoint in `cache`.
    """
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # untyped
    examples = many_training_examples(folder)
    base = many_base(packed or packed_file(), examples, cache, progress)
    if english:
        examples += training_examples(folder)
    progress(f"{len(examples):,} labelled comments and clauses")
    learnt = lesson([example for example in examples if example.part == "train"])
    tokenizer = load_tokenizer(base / TOKENIZER)
    network = Trainer(base, tokenizer, learnt, plan, cache).run(progress)
    described = {**vars(plan), "english": english}
    network = further(network, base, tokenizer, learnt, then, cache, progress)
    described |= {f"then{number}": vars(one) for number, one in enumerate(then, start=1)}
    finished = finish(network, base, examples, out, described, progress)
    artefact = replace(finished, name=NAME, languages=tuple(MANY))
    write_artefact(out, artefact)
    return artefact


def many_base(path: Path, examples: Sequence[Example], cache: Path, progress: Progress) -> Path:
    """The encoder to start from, with the pieces that the examples use most; made in `cache`."""
    packed = read_packed(path)
    counts = piece_counts(piece_tokenizer(packed.pieces), many_texts(examples))
    kept = kept_pieces(packed.pieces, counts, PIECES)
    progress(f"{len(kept):,} of {len(packed.pieces):,} pieces are kept")
    write_base(packed, kept, cache / BASE)
    return cache / BASE
