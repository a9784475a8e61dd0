"""Fit a finished model's heads again when there is more to learn from; its encoder stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from nlp.artefact import (
    ENCODER,
    TOKENIZER,
    Artefact,
    encoder_model,
    read_artefact,
    write_artefact,
)
from nlp.encoder import EncoderInfo, onnx_encoder
from nlp.training.checks import check_enough
from nlp.training.finish import finished_heads
from nlp.training.gather import counts, training_examples
from nlp.training.passages import lesson
from nlp.training.plans import Plan
from nlp.training.refit import refitted
from nlp.training.train import NAME

NAMES = ("themes", "emotions")
"""The heads that are fitted again; sentiment and urgency stay, with their calibration."""
PRIOR = 3e-3
"""Held near to where they stood: they come to know more and forget little."""
PLAN = Plan(
    asked=1.0,
    shares=(
        ("amazon_reviews", 0.0),
        ("bank_requests", 0.3),
        ("movie_reviews", 0.0),
        ("sentences", 0.0),
        ("tweets", 0.0),
    ),
)
"""Everything that labels themes or emotions, of the bank's many requests a part."""

Progress = Callable[[str], None]


def refit(folder: Path, model: Path, out: Path, progress: Progress) -> Artefact:
    """Fit the heads of the model in `model` again to the folder's comments and our own.

    Thresholds are set anew on comments held out. `out` receives the whole model, with the same
    encoder; some minutes, and the same result every time.
    """
    examples = training_examples(folder)
    check_enough(examples, folder)
    progress(f"{len(examples):,} labelled comments and clauses")
    artefact = read_artefact(model)
    body, words = encoder_model(model, artefact), (model / TOKENIZER).read_bytes()
    encoder = onnx_encoder(model, body, EncoderInfo(artefact.weights, artefact.width))
    course = lesson([example for example in examples if example.part == "train"])
    heads = refitted(artefact.heads, encoder, course, PLAN, PRIOR, NAMES)
    progress("setting thresholds on comments held out")
    finished = finished_heads(heads, encoder, examples)
    kept = artefact.heads | {name: finished[name] for name in NAMES}
    described = artefact.training | {
        "refit": {
            "of": artefact.name,
            "comments": counts(examples),
            "shares": dict(PLAN.shares),
            "prior": PRIOR,
        }
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / ENCODER).write_bytes(body)
    (out / TOKENIZER).write_bytes(words)
    again = replace(artefact, name=NAME, heads=kept, training=described)
    write_artefact(out, again)
    return again
