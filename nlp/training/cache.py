"""Vectors kept on disk by what was encoded, so that an interrupted training resumes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.encoder import Encoder
from nlp.windows import Passage

CHUNK = 4096

Matrix = NDArray[np.float32]
Progress = Callable[[str], None]


def cached_vectors(
    encoder: Encoder, passages: Sequence[Passage], folder: Path, progress: Progress
) -> Matrix:
    """One row a passage, from the folder where it is there, else encoded and put there.

    The row is that of the passage's span where it has one, else that of the whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    keys = {passage: _key(encoder, passage) for passage in passages}
    known = _load(folder, frozenset(keys.values()))
    missing = [passage for passage, key in keys.items() if key not in known]
    for start in range(0, len(missing), CHUNK):
        chunk = missing[start : start + CHUNK]
        rows = np.stack([matrix[-1] for matrix in encoder.encode(chunk)]).astype(np.float16)
        names = [keys[passage] for passage in chunk]
        _save(folder, names, rows)
        known.update(zip(names, rows, strict=True))
        progress(f"encoded {start + len(chunk):,} of {len(missing):,}")
    result = np.empty((len(passages), encoder.info.width), np.float32)
    for i, passage in enumerate(passages):
        result[i] = known[keys[passage]]
    return result


def _key(encoder: Encoder, passage: Passage) -> str:
    content = f"{encoder.info}\0{passage.question}\0{passage.text}"
    if passage.spans:
        content += f"\0{passage.spans}"
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def _load(folder: Path, wanted: frozenset[str]) -> dict[str, NDArray[np.float16]]:
    known: dict[str, NDArray[np.float16]] = {}
    for path in sorted(folder.glob("*.npz")):
        with np.load(path, allow_pickle=False) as file:
            pairs = zip(file["keys"].tolist(), file["rows"], strict=True)
            known.update((key, row) for key, row in pairs if key in wanted)
    return known


def _save(folder: Path, keys: Sequence[str], rows: NDArray[np.float16]) -> None:
    """Written beside and renamed, so that a killed run leaves no half file."""
    name = hashlib.sha256("".join(keys).encode()).hexdigest()[:16]
    partial = folder / f"{name}.part"
    with partial.open("wb") as file:
        np.savez(file, keys=np.array(keys), rows=rows)
    partial.replace(folder / f"{name}.npz")
