"""The labels that moved, as JSON can hold them, and laid over the shipped heads again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from nlp.errors import ArtefactError
from nlp.heads import Head
from nlp.packing import packed, unpacked

LEARN_AGAIN = "Learn again: what was learned from stays."


def to_json(heads: Mapping[str, Head], moved: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """Weights and bias of each label that moved, 2 KB a label; by head."""
    return {name: _columns(heads[name], labels) for name, labels in moved.items()}


def _columns(head: Head, labels: tuple[str, ...]) -> dict[str, Any]:
    columns = [head.labels.index(label) for label in labels]
    weights, bias = head.weights[:, columns], head.bias[columns]
    return {"labels": list(labels), "weights": packed(weights), "bias": packed(bias)}


def laid_over(
    shipped: Mapping[str, Head], stored: Mapping[str, Any], learned_on: str, weights: str
) -> dict[str, Head]:
    """The heads that moved, whole, on the encoder they were learned on.

    `learned_on` and `weights` are the SHA-256 of that encoder and of today's: where they differ,
    or where what is stored is damaged, ArtefactError says to learn again.
    """
    if learned_on != weights:
        raise ArtefactError(
            "these heads were learned on another encoder than today's",
            field="model version",
            mend=LEARN_AGAIN,
        )
    try:
        return {name: _laid_over(shipped[name], columns) for name, columns in stored.items()}
    except (KeyError, TypeError, ValueError) as error:
        raise ArtefactError(
            f"these heads are damaged ({error})", field="model version", mend=LEARN_AGAIN
        ) from error


def _laid_over(head: Head, stored: Mapping[str, Any]) -> Head:
    columns = [head.labels.index(label) for label in stored["labels"]]
    weights, bias = np.array(head.weights), np.array(head.bias)
    weights[:, columns] = unpacked(stored["weights"], (len(weights), len(columns)))
    bias[columns] = unpacked(stored["bias"], (len(columns),))
    return replace(head, weights=weights, bias=bias)
