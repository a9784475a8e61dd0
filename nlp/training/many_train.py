"""The training of the reader of several languages, from the packed encoder to an artefact."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from transformers.utils import logging as transformers_logging

from nlp.artefact import TOKENIZER, Artefact, write_artefact
from nlp.encoder import Encoder
from nlp.heads import Head
from nlp.training.example import Example
from nlp.training.finetune import Trainer
from nlp.training.finish import withheld
from nlp.training.gather import training_examples
from nlp.training.many_gather import (
    MANY,
    TWEETS,
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
from nlp.training.refit import refitted
from nlp.training.train import finish, further
from nlp.windows import load_tokenizer

NAME = "waymark-many-2026.12.1"
PIECES = 12_000
"""At eight bits, 21 MB with the nine layers: beside the English model, under 40 MB."""
BASE = "many_base"
FROZEN = 3
"""The lowest layers stay as they come, and all pieces: most of them are seen too rarely."""
ENGLISH = (
    ("amazon_reviews", 0.2),
    ("bank_requests", 0.02),
    ("clothing", 0.2),
    ("dynasent_r1", 0.3),
    ("dynasent_r2", 0.3),
    ("emotions", 0.02),
    ("movie_reviews", 0.0),
    ("patient_survey", 0.2),
    ("restaurant_aspects", 0.1),
    ("seeds", 0.3),
    ("sentences", 0.1),
    ("tweets", 0.5),
    ("written", 0.2),
)
"""Of what teaches the English reader, a part beside the other languages."""
WRITTEN_TWICE = tuple((source_of(WRITTEN, language), 2.0) for language in MANY)
PLAN = Plan(
    epochs=1,
    tokens=600,
    frozen=FROZEN,
    shares=(*ENGLISH, *WRITTEN_TWICE),
    weights=(
        ("sentiment", 1.5),
        ("themes", 0.4),
        ("emotions", 0.4),
        ("urgency", 0.3),
        ("own", 0.1),
        ("any", 0.4),
    ),
)
SENTIMENT_SHARES = (
    ("amazon_reviews", 0.0),
    ("bank_requests", 0.0),
    ("clothing", 0.0),
    ("dynasent_r1", 0.1),
    ("dynasent_r2", 0.1),
    ("emotions", 0.0),
    ("movie_reviews", 0.0),
    ("patient_survey", 0.1),
    ("restaurant_aspects", 0.0),
    ("seeds", 0.0),
    ("sentences", 0.0),
    ("tweets", 0.5),
    ("urgency", 0.0),
    ("written", 0.0),
)
REFIT = replace(
    PLAN,
    shares=(
        ("amazon_reviews", 0.0),
        ("bank_requests", 0.1),
        ("clothing", 0.1),
        ("dynasent_r1", 0.0),
        ("dynasent_r2", 0.0),
        ("emotions", 0.1),
        ("movie_reviews", 0.0),
        ("patient_survey", 0.5),
        ("restaurant_aspects", 0.5),
        ("sentences", 0.0),
        ("tweets", 0.0),
        ("written", 0.7),
        *((source_of(TWEETS, language), 0.15) for language in MANY),
    ),
)
"""What the heads of several labels are fitted to again at the end."""
THEN = (replace(SENTIMENT, rate=8e-5, asked=0.8, frozen=FROZEN, shares=SENTIMENT_SHARES),)
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
    what the English reader learns from teaches too: it knows more of themes and emotions. Themes
    are withheld: what it finds of them is too often wrong. An interrupted training
    goes on from its last checkpoint in `cache`.
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

    def again(heads: Mapping[str, Head], encoder: Encoder) -> dict[str, Head]:
        progress("fitting the heads again")
        return refitted(heads, encoder, learnt, REFIT)

    spoken = [example for example in examples if example.language in MANY]
    finished = finish(network, base, spoken, out, described, progress, again)
    heads = finished.heads | {"themes": withheld(finished.heads["themes"])}
    artefact = replace(finished, name=NAME, languages=tuple(MANY), heads=heads)
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
