from __future__ import annotations

import numpy as np
import torch

from nlp.heads import Head
from nlp.labels import EMOTIONS, RISKS, URGENT
from nlp.themes import theme_keys
from nlp.training.finish import withheld
from nlp.training.refit import HEADS, fitted

LABELS = {"themes": theme_keys(), "emotions": EMOTIONS, "urgency": (URGENT, *RISKS)}
WIDTH = 6


def empty(name: str) -> Head:
    labels = LABELS[name]
    zeros = np.zeros((WIDTH, len(labels)), np.float32)
    return Head(labels, "sigmoid", zeros, zeros[0], np.full(len(labels), 0.5, np.float32))


def targets(vectors: np.ndarray) -> dict[str, torch.Tensor]:
    """The first theme is there just where the first number is above zero."""
    n = len(vectors)
    found = {"sentiment": torch.zeros(n, 3), "sentiment_weight": torch.zeros(n, 1)}
    for name in HEADS:
        found[name] = torch.zeros(n, len(LABELS[name]))
        found[f"{name}_weight"] = torch.ones(n, len(LABELS[name]))
    found["themes"][:, 0] = torch.from_numpy((vectors[:, 0] > 0).astype(np.float32))
    none = torch.zeros(0, len(LABELS["themes"]))
    return found | {"any_row": torch.zeros(0, dtype=torch.long), "any_of": none, "any_weight": none}


def test_a_head_that_knew_nothing_learns_from_all_rows_at_once() -> None:
    vectors = np.random.default_rng(3).normal(size=(200, WIDTH)).astype(np.float32)
    heads = {name: empty(name) for name in HEADS}
    once = fitted(heads, vectors, targets(vectors))
    found = once["themes"].probabilities(vectors)[:, 0] > 0.5
    assert (found == (vectors[:, 0] > 0)).mean() > 0.98
    again = fitted(heads, vectors, targets(vectors))
    np.testing.assert_array_equal(once["themes"].weights, again["themes"].weights)


def test_the_prior_holds_a_head_to_where_it_stood() -> None:
    vectors = np.random.default_rng(3).normal(size=(200, WIDTH)).astype(np.float32)
    heads = {name: empty(name) for name in HEADS}
    free, held = (fitted(heads, vectors, targets(vectors), prior) for prior in (1e-4, 10.0))
    assert np.abs(held["themes"].weights).max() < 0.1 < np.abs(free["themes"].weights).max()


def test_a_head_that_is_withheld_finds_nothing_however_sure() -> None:
    sure = Head(
        ("price",),
        "sigmoid",
        np.full((1, 1), 50, np.float32),
        np.zeros(1, np.float32),
        np.full(1, 0.5, np.float32),
    )
    row = sure.probabilities(np.ones((1, 1), np.float32))[0]
    assert sure.above(row) and not withheld(sure).above(row)
