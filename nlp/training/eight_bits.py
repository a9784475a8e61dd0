"""What rounding the encoder to eight bits costs, on comments held out from training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.encoder import Encoder
from nlp.heads import Head
from nlp.labels import SENTIMENTS
from nlp.metrics import macro_f1
from nlp.training.example import Example
from nlp.training.finish import passage


def cost(
    full: Encoder, small: Encoder, head: Head, examples: Sequence[Example]
) -> dict[str, float]:
    """Macro-F1 of the sentiment with the encoder in full and in eight bits, the same head."""
    held = [e for e in examples if e.part == "validation" and e.span is None and e.sentiment]
    wanted = [SENTIMENTS[int(np.argmax(e.sentiment))] for e in held if e.sentiment]
    return {
        name: round(macro_f1(wanted, _sentiments(head, encoder, held)), 4)
        for name, encoder in (("full", full), ("eight_bits", small))
    }


def _sentiments(head: Head, encoder: Encoder, examples: Sequence[Example]) -> list[str]:
    rows: NDArray[np.float32] = np.stack(
        [m[0] for m in encoder.encode(list(map(passage, examples)))]
    )
    return [head.labels[int(k)] for k in head.probabilities(rows).argmax(axis=1)]
