"""Fit heads again on the finished encoder's vectors: all examples at once, to the end.

While the encoder learns, its heads chase a moving target and see each example once or twice. On
vectors that stay, a logistic regression held to where the heads stood finds the best lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from nlp.encoder import Encoder
from nlp.heads import Head
from nlp.text import clean
from nlp.training.batching import drawn, targets_of
from nlp.training.network import loss
from nlp.training.passages import Lesson
from nlp.training.plans import Plan
from nlp.windows import Passage

HEADS = ("themes", "emotions", "urgency")
PRIOR = 1e-4
"""What a weight's squared distance from where it stood costs, beside the mean loss of a row."""
ROUNDS = 60

Matrix = NDArray[np.float32]


def refitted(
    heads: Mapping[str, Head],
    encoder: Encoder,
    course: Lesson,
    plan: Plan,
    prior: float = PRIOR,
    names: Sequence[str] = HEADS,
) -> dict[str, Head]:
    """The heads, those named fitted again to the plan's first share of the course."""
    vectors, rows = encoded(encoder, course, sorted(set(drawn(course, plan, 0))))
    again = fitted(heads, vectors, targets_of(course, rows), prior)
    return {**heads, **{name: again[name] for name in names}}


def encoded(
    encoder: Encoder, course: Lesson, passages: Sequence[int]
) -> tuple[Matrix, NDArray[np.intp]]:
    """A vector for each row of these passages, and which rows they are."""
    given, wanted = [], []
    for rows in (course.passages[number] for number in passages):
        first = course.examples[rows[0]]
        spans = [course.examples[row].span for row in rows]
        clauses = list(dict.fromkeys(span for span in spans if span is not None))
        given.append(Passage(clean(first.text).text, first.question, tuple(clauses)))
        wanted.append([0 if span is None else 1 + clauses.index(span) for span in spans])
    read = encoder.encode(given)
    vectors = [found[place] for found, places in zip(read, wanted, strict=True) for place in places]
    every = [row for number in passages for row in course.passages[number]]
    return np.stack(vectors), np.array(every, np.intp)


def fitted(
    heads: Mapping[str, Head], vectors: Matrix, targets: dict[str, Tensor], prior: float = PRIOR
) -> dict[str, Head]:
    """The heads fitted to vectors (rows x width) and the rows' targets; the same every time."""
    given = torch.from_numpy(vectors)
    layers = nn.ModuleDict({name: _layer(heads[name]) for name in HEADS})
    stood = [weight.detach().clone() for weight in layers.parameters()]
    still = torch.zeros(len(vectors), targets["sentiment"].shape[1])
    counted = {"sentiment": 0.0, "any": 1.0, **dict.fromkeys(HEADS, 1.0)}
    optimizer = torch.optim.LBFGS(
        layers.parameters(), max_iter=ROUNDS, line_search_fn="strong_wolfe"
    )

    def closure() -> Tensor:
        optimizer.zero_grad()
        logits = {name: layer(given) for name, layer in layers.items()}
        value = loss({"sentiment": still, **logits}, targets, counted)
        pairs = zip(layers.parameters(), stood, strict=True)
        value = value + prior * sum(((now - before) ** 2).sum() for now, before in pairs)
        value.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        return value

    optimizer.step(closure)  # type: ignore[no-untyped-call]  # torch leaves it untyped
    return {**heads, **{name: _head(heads[name], layers[name]) for name in HEADS}}


def _layer(head: Head) -> nn.Linear:
    layer = nn.Linear(*head.weights.shape)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(head.weights.T.copy()))
        layer.bias.copy_(torch.from_numpy(head.bias.copy()))
    return layer


def _head(before: Head, layer: nn.Module) -> Head:
    weights, bias = (one.detach().numpy() for one in layer.parameters())
    return Head(before.labels, before.link, weights.T.copy(), bias.copy(), before.thresholds)
