"""From a trained network to the encoder that is shipped: ONNX, eight-bit weights."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

OPSET = 17


class _States(nn.Module):
    """Token states alone, as the exporter wants a module."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> Tensor:
        """Batch x tokens x width."""
        found: Tensor = self.encoder(
            input_ids=ids, token_type_ids=types, attention_mask=mask
        ).last_hidden_state
        return found


def export(encoder: Any, path: Path) -> None:
    """Write the encoder as float ONNX, from token ids, types and mask to `states`."""
    encoder.eval()
    example = torch.ones(2, 7, dtype=torch.long)
    names = ["input_ids", "token_type_ids", "attention_mask"]
    axes = {name: {0: "batch", 1: "tokens"} for name in [*names, "states"]}
    torch.onnx.export(
        _States(encoder),
        (example, torch.zeros_like(example), example),
        str(path),
        input_names=names,
        output_names=["states"],
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )


def quantised(encoder: Any, path: Path) -> None:
    """Write the encoder with eight-bit weights, each column its own scale."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        export(encoder, plain)
        quantize_dynamic(plain, path, per_channel=True, weight_type=QuantType.QInt8)
