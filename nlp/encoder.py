"""The sentence encoder: a fine-tuned MiniLM, quantised, run by ONNX Runtime; no torch.

A passage is encoded once; the whole of it and each of its spans are means of the same token
vectors, so that a clause is read within what stands around it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from nlp.errors import EncoderError
from nlp.windows import Passage, Tokens, Window, batches, windows

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class EncoderInfo:
    """What heads must match: the SHA-256 of the encoder's file and the width of a vector."""

    weights: str
    width: int


class Encoder(Protocol):
    """Turns passages into vectors."""

    @property
    def info(self) -> EncoderInfo:
        """What heads trained on this encoder must match."""
        ...

    def encode(self, passages: Sequence[Passage]) -> list[Matrix]:
        """One matrix a passage: the first row is the whole, then one row a span."""
        ...


class States(Protocol):
    """Runs a transformer: token ids in, token states out."""

    def states(self, ids: Any, types: Any, mask: Any) -> Matrix:
        """Batch x tokens x width, of int64 matrices batch x tokens."""
        ...


class OnnxStates:
    """A transformer as an ONNX file; threads may share it."""

    def __init__(self, model: bytes, threads: int | None = None) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or _cores()
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # without it, the memory of the longest batch is kept for good
        options.enable_cpu_mem_arena = False
        try:
            self._session = onnxruntime.InferenceSession(
                model, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the runtime's own exceptions share no public base
            raise EncoderError(
                f"ONNX Runtime can't load it ({error})",
                field="encoder",
                mend="Use the shipped model, or make one with `waymark train`.",
            ) from error

    def states(self, ids: Any, types: Any, mask: Any) -> Matrix:
        """Batch x tokens x width."""
        given = {"input_ids": ids, "token_type_ids": types, "attention_mask": mask}
        found: Matrix = self._session.run(["states"], given)[0]
        return found


class PooledEncoder:
    """Means of token states, whatever runs the transformer."""

    def __init__(self, states: States, tokens: Tokens, info: EncoderInfo) -> None:
        self._states = states
        self._tokens = tokens
        self.info = info

    def encode(self, passages: Sequence[Passage]) -> list[Matrix]:
        """One matrix a passage, equal passages computed once; float32, rows of width `info`."""
        unique = list(dict.fromkeys(passages))
        sums = [np.zeros((1 + len(p.spans), self.info.width + 1), np.float32) for p in unique]
        for batch in batches(windows(self._tokens, unique)):
            for window, pooled in zip(batch, self._pooled(batch), strict=True):
                sums[window.passage] += pooled[: len(sums[window.passage])]
        vectors = dict(zip(unique, map(_means, sums), strict=True))
        return [vectors[passage] for passage in passages]

    def _pooled(self, batch: Sequence[Window]) -> Matrix:
        """Sums of token states by span; the last column counts the tokens."""
        length = max(len(window.ids) for window in batch)
        rows = max(len(window.spans) for window in batch)
        ids, types, mask = (np.zeros((len(batch), length), np.int64) for _ in range(3))
        members = np.zeros((len(batch), rows, length), np.float32)
        for i, window in enumerate(batch):
            size = len(window.ids)
            ids[i, :size], types[i, :size], mask[i, :size] = window.ids, window.types, 1
            for j, (start, end) in enumerate(window.spans):
                members[i, j, start:end] = 1.0
        sums = members @ self._states.states(ids, types, mask)
        pooled: Matrix = np.concatenate([sums, members.sum(axis=2, keepdims=True)], axis=2)
        return pooled


def _means(sums: Matrix) -> Matrix:
    """Means from sums; a span without tokens takes the whole's."""
    sums[sums[:, -1] == 0] = sums[0]
    counts = np.maximum(sums[:, -1:], np.float32(1.0))
    return np.asarray(sums[:, :-1] / counts, dtype=np.float32)


def onnx_encoder(folder: Path, model: bytes, info: EncoderInfo) -> PooledEncoder:
    """The encoder of an artefact, whose file has been verified."""
    return PooledEncoder(OnnxStates(model), Tokens(folder / "tokenizer.json"), info)


def _cores() -> int:
    """Cores that this process may use; where the system cannot say, those there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
