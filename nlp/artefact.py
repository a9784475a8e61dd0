"""The trained model on disk; no pickle anywhere.

A folder of `model.json`, `heads.safetensors`, `encoder.onnx` and `tokenizer.json`; the first holds
the SHA-256 of the others. A folder `many` within it is such a model too, of further languages.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from nlp.errors import ArtefactError
from nlp.heads import Head
from nlp.labels import HEADS

FORMAT = "waymark-reader"
FORMAT_VERSION = 2
METADATA = "model.json"
TENSORS = "heads.safetensors"
ENCODER = "encoder.onnx"
TOKENIZER = "tokenizer.json"
MANY = "many"
SHIPPED = Path(__file__).parent / "artefacts" / "waymark-2026.12.2"
_RETRAIN = "Use the shipped model, or make one with `waymark train`."


@dataclass(frozen=True, slots=True)
class Artefact:
    """A model: its name, its encoder's files and width, its heads, and how it was trained.

    `weights` and `tokenizer` are the SHA-256 of the encoder's two files; `languages` are the codes
    of those it reads.
    """

    name: str
    weights: str
    tokenizer: str
    width: int
    heads: dict[str, Head]
    training: dict[str, Any] = field(default_factory=dict)
    languages: tuple[str, ...] = ("en",)


def write_artefact(folder: Path, artefact: Artefact) -> None:
    """Write heads and metadata into the folder, the metadata last; the encoder lies there."""
    tensors: dict[str, NDArray[Any]] = {}
    for name, head in artefact.heads.items():
        tensors[f"{name}.weights"] = np.ascontiguousarray(head.weights, np.float32)
        tensors[f"{name}.bias"] = np.ascontiguousarray(head.bias, np.float32)
        tensors[f"{name}.thresholds"] = np.ascontiguousarray(head.thresholds, np.float32)
    body = save(tensors)
    metadata = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "name": artefact.name,
        "languages": artefact.languages,
        "encoder": {
            "weights": artefact.weights,
            "tokenizer": artefact.tokenizer,
            "width": artefact.width,
        },
        "heads": {n: {"labels": h.labels, "link": h.link} for n, h in artefact.heads.items()},
        "tensors_sha256": hashlib.sha256(body).hexdigest(),
        "training": artefact.training,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TENSORS).write_bytes(body)
    (folder / METADATA).write_text(json.dumps(metadata, indent=1) + "\n", encoding="utf-8")


def read_artefact(folder: Path) -> Artefact:
    """Load and verify a model; anything missing, damaged, foreign or newer is refused."""
    metadata = _metadata(folder / METADATA)
    tensors = _tensors(folder / TENSORS, str(metadata.get("tensors_sha256")))
    try:
        encoder = metadata["encoder"]
        artefact = Artefact(
            name=str(metadata["name"]),
            weights=str(encoder["weights"]),
            tokenizer=str(encoder["tokenizer"]),
            width=int(encoder["width"]),
            heads={name: _head(name, metadata["heads"][name], tensors) for name in HEADS},
            training=dict(metadata["training"]),
            languages=tuple(map(str, metadata.get("languages", ["en"]))),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _refused(folder / METADATA, f"lacks or misstates {error}") from error
    _check_shapes(folder, artefact)
    return artefact


def encoder_model(folder: Path, artefact: Artefact) -> bytes:
    """The ONNX file of a model's encoder, verified with its tokenizer."""
    body = _verified(folder / ENCODER, artefact.weights)
    _verified(folder / TOKENIZER, artefact.tokenizer)
    return body


def _verified(path: Path, sha256: str) -> bytes:
    if not path.is_file():
        raise _refused(path, "is not there")
    body = path.read_bytes()
    if hashlib.sha256(body).hexdigest() != sha256:
        raise _refused(path, f"is damaged: its SHA-256 is not the one in {METADATA}")
    return body


def _refused(path: Path, message: str) -> ArtefactError:
    return ArtefactError(f"{path} {message}", field="artefact", mend=_RETRAIN)


def _metadata(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise _refused(path, "is not there")
    try:
        metadata = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise _refused(path, "is not JSON") from error
    if not isinstance(metadata, dict) or metadata.get("format") != FORMAT:
        raise _refused(path, f"does not say that it is a {FORMAT} model")
    if metadata.get("format_version") != FORMAT_VERSION:
        found = metadata.get("format_version")
        message = f"has format version {found}, this program reads {FORMAT_VERSION}"
        raise ArtefactError(
            f"{path} {message}",
            field="artefact",
            mend="Upgrade Waymark, or retrain with `waymark train`.",
        )
    return metadata


def _tensors(path: Path, sha256: str) -> dict[str, NDArray[Any]]:
    body = _verified(path, sha256)
    try:
        tensors: dict[str, NDArray[Any]] = load(body)
    except SafetensorError as error:
        raise _refused(path, "is not a safetensors file") from error
    return tensors


def _head(name: str, metadata: dict[str, Any], tensors: dict[str, NDArray[Any]]) -> Head:
    if metadata["link"] not in ("softmax", "sigmoid"):
        raise ValueError(f"link of head {name}")
    return Head(
        labels=tuple(map(str, metadata["labels"])),
        link=metadata["link"],
        weights=tensors[f"{name}.weights"],
        bias=tensors[f"{name}.bias"],
        thresholds=tensors[f"{name}.thresholds"],
    )


def _check_shapes(folder: Path, artefact: Artefact) -> None:
    for name, head in artefact.heads.items():
        wide, many = artefact.width, len(head.labels)
        shapes = (head.weights.shape, head.bias.shape, head.thresholds.shape)
        if shapes != ((wide, many), (many,), (many,)):
            raise _refused(folder / TENSORS, f"has a head {name} of the wrong shape {shapes}")
        if not all(np.isfinite(t).all() for t in (head.weights, head.bias, head.thresholds)):
            raise _refused(folder / TENSORS, f"has a head {name} with a number that is not finite")
