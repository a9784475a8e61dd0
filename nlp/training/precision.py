"""How exactly the network computes: in sixteen bits where the processor can, else in thirty-two."""

from __future__ import annotations

import torch

SIXTEEN = ("amx_bf16", "avx512_bf16", "sve_bf16", "bf16")
"""What processors call arithmetic in bfloat16; without it, torch does it a hundred times slower."""


def computing() -> torch.autocast:
    """A context for a pass through the network: bfloat16 where it pays, float32 elsewhere."""
    able = torch.cpu.get_capabilities()
    return torch.autocast("cpu", torch.bfloat16, enabled=any(able.get(name) for name in SIXTEEN))
