"""The encoder with its heads as one network: what is trained, and how wrong it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as f
from transformers import AutoModel

from nlp.labels import EMOTIONS, RISKS, SENTIMENTS
from nlp.themes import theme_keys

SIZES = {
    "sentiment": len(SENTIMENTS),
    "themes": len(theme_keys()),
    "emotions": len(EMOTIONS),
    "urgency": 1 + len(RISKS),
}
DROPOUT = 0.1


class Network(nn.Module):
    """Token states of one encoder, their means over spans, and a linear head a task.

    Beside the reading's heads, `own` columns answer to the sources' own labels.
    """

    def __init__(self, folder: Path, own: int = 0, dropout: float = 0.0) -> None:
        super().__init__()
        # on a CPU, fused attention doubles the time of the way back
        self.encoder: Any = AutoModel.from_pretrained(
            folder,
            dtype=torch.float32,
            local_files_only=True,
            attn_implementation="eager",
            hidden_dropout_prob=dropout,
            attention_probs_dropout_prob=dropout,
        )
        self.typed = getattr(self.encoder.config, "type_vocab_size", 0) > 0
        width = int(self.encoder.config.hidden_size)
        sizes = {**SIZES, **({"own": own} if own else {})}
        self.heads = nn.ModuleDict({name: nn.Linear(width, n) for name, n in sizes.items()})
        self.drop = nn.Dropout(DROPOUT)

    def freeze(self, layers: int) -> None:
        """Leave the words and the lowest layers as they come; 0 leaves nothing."""
        parts = [self.encoder.embeddings, *self.encoder.encoder.layer[:layers]] if layers else []
        for part in parts:
            part.requires_grad_(False)

    def pooled(self, ids: Tensor, types: Tensor, mask: Tensor, members: Tensor) -> Tensor:
        """Means of the token states over spans: rows x width.

        `members` is passages x spans x tokens, 1 where a token belongs to a span.
        """
        kinds = {"token_type_ids": types} if self.typed else {}
        states = self.encoder(input_ids=ids, attention_mask=mask, **kinds).last_hidden_state.float()
        with torch.autocast("cpu", enabled=False):
            sums = torch.bmm(members, states)
        return sums / members.sum(dim=2, keepdim=True).clamp(min=1.0)

    def forward(self, vectors: Tensor) -> dict[str, Tensor]:
        """Logits of each head."""
        vectors = self.drop(vectors)
        return {name: head(vectors) for name, head in self.heads.items()}


def loss(
    logits: dict[str, Tensor], batch: dict[str, Tensor], weights: Mapping[str, float]
) -> Tensor:
    """The weighted sum of the heads' losses, each a mean over the rows that know it."""
    weight = batch["sentiment_weight"][:, 0]
    each = -(batch["sentiment"] * f.log_softmax(logits["sentiment"], dim=1)).sum(dim=1)
    total = weights["sentiment"] * (each * weight).sum() / weight.sum().clamp(min=1.0)
    for name in [name for name in logits if name != "sentiment"]:
        sure = batch[f"{name}_weight"]
        known = (sure.sum(dim=1) > 0).sum().clamp(min=1.0)
        wrong = f.binary_cross_entropy_with_logits(logits[name], batch[name], reduction="none")
        total = total + weights[name] * (wrong * sure).sum() / known
    if len(batch["any_row"]):
        absent = -f.softplus(logits["themes"][batch["any_row"]])
        none = (absent * batch["any_of"]).sum(dim=1).clamp(max=-1e-4)
        found = -torch.log(-torch.expm1(none))
        total = total + weights["any"] * (found * batch["any_weight"]).sum() / len(weight)
    return total
