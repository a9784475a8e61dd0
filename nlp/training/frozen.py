"""The pretrained encoder before any training of ours, by torch: a floor to measure against."""

from __future__ import annotations

import torch
from transformers import AutoModel

from nlp.artefact import TOKENIZER
from nlp.encoder import EncoderInfo, PooledEncoder
from nlp.training.reference import TorchStates
from nlp.training.train import BASE_SHA256, base_folder
from nlp.windows import Tokens


def pretrained() -> PooledEncoder:
    """Means of the token states of all-MiniLM-L6-v2."""
    folder = base_folder()
    model = AutoModel.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
    info = EncoderInfo(BASE_SHA256, int(model.config.hidden_size))
    return PooledEncoder(TorchStates(model), Tokens(folder / TOKENIZER), info)
