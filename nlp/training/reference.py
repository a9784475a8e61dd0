"""The encoder by torch: the reference that the shipped one is tested against, and for GPUs."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray


class TorchStates:
    """A transformer of transformers, in full precision, where its weights lie."""

    def __init__(self, encoder: Any) -> None:
        self._encoder = encoder.eval()

    def states(self, ids: Any, types: Any, mask: Any) -> NDArray[np.float32]:
        """Batch x tokens x width."""
        where = next(self._encoder.parameters()).device
        given = [torch.from_numpy(matrix).to(where) for matrix in (ids, types, mask)]
        with torch.inference_mode():
            found = self._encoder(
                input_ids=given[0], token_type_ids=given[1], attention_mask=given[2]
            )
        states: NDArray[np.float32] = found.last_hidden_state.float().cpu().numpy()
        return states
