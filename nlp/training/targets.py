"""Targets and weights for the heads, from examples that each know only some of the answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.labels import EMOTIONS, SENTIMENTS
from nlp.themes import theme_keys
from nlp.training.example import Example

Matrix = NDArray[np.float32]

ASSUMED_ABSENT = 0.6
"""Weight of "this theme is not in it" where a source has no label for the theme."""
DOUBTED_ABSENT = 0.3
"""The same where the source's people may well have spoken of it."""

_UNSAID = {
    "patient_survey": """problem_resolution delivery_speed product_quality ordering website_app
        privacy_security reputation_competitor payment_billing""",
    "restaurant_aspects": """general product_quality reputation_competitor communication
        appointments ordering order_accuracy delivery_speed discounts staff_availability
        fairness_inclusion""",
    "bank_requests": """communication waiting_time problem_resolution product_quality website_app
        ordering general choice_availability account_access price""",
}
MAY_BE_SAID = {source: frozenset(themes.split()) for source, themes in _UNSAID.items()}
"""Themes that a source's people may have spoken of without its labels saying so."""

CLASHING = {
    0: frozenset({"joy", "gratitude", "relief"}),
    2: frozenset({"disappointment", "frustration", "anger", "confusion", "worry", "sadness"}),
}
"""Emotions that clearly negative (0) or positive (2) feedback does not show."""
CLASH_WEIGHT = 0.3

TAUGHT_SHARE = 0.5
"""How much a larger network's reading counts beside a person's label."""
TAUGHT_ALONE = 0.5
"""Weight of a row that only the larger network has read."""

URGENT_SHARE = 0.1
"""Of complaints and praise together, about so many need somebody today; calibrates urgency."""


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """Wanted probabilities and how much each counts; rows are examples, columns labels."""

    wanted: Matrix
    weight: Matrix

    def rows(self, index: NDArray[np.intp]) -> Targets:
        """The targets of these examples."""
        return Targets(self.wanted[index], self.weight[index])


def sentiment_targets(examples: Sequence[Example]) -> Targets:
    """Probabilities of the three sentiments; the weight is that of the whole row."""
    wanted = np.zeros((len(examples), len(SENTIMENTS)), np.float32)
    weight = np.zeros((len(examples), 1), np.float32)
    for i, example in enumerate(examples):
        if example.sentiment is not None:
            wanted[i], weight[i] = example.sentiment, example.weight
    return Targets(wanted, weight)


def theme_targets(examples: Sequence[Example]) -> Targets:
    """One column a theme. Where any of several themes may be meant, all of them stay open."""
    keys = theme_keys()
    column = {key: k for k, key in enumerate(keys)}
    covered = _covered(examples)
    wanted = np.zeros((len(examples), len(keys)), np.float32)
    weight = np.zeros_like(wanted)
    for i, example in enumerate(examples):
        if example.themes is None:
            continue
        weight[i] = example.weight * covered[example.source]
        for themes in (t for t in example.themes if len(t) > 1):
            weight[i, [column[key] for key in themes]] = 0.0
        for themes in (t for t in example.themes if len(t) == 1):
            k = column[next(iter(themes))]
            wanted[i, k], weight[i, k] = 1.0, example.weight
    return Targets(wanted, weight)


def _covered(examples: Sequence[Example]) -> dict[str, Matrix]:
    """By source: 1 for a theme it labels, less for the rest, least for what it may leave unsaid."""
    keys = theme_keys()
    labelled: dict[str, set[str]] = {}
    for example in examples:
        sets = example.themes or ()
        labelled.setdefault(example.source, set()).update(key for t in sets for key in t)
    return {
        source: np.array(
            [
                DOUBTED_ABSENT
                if key in MAY_BE_SAID.get(source, ())
                else 1.0
                if key in found
                else ASSUMED_ABSENT
                for key in keys
            ],
            np.float32,
        )
        for source, found in labelled.items()
    }


def emotion_targets(examples: Sequence[Example]) -> Targets:
    """One column an emotion; feedback of clear sentiment says which emotions it does not show."""
    wanted = np.zeros((len(examples), len(EMOTIONS)), np.float32)
    weight = np.zeros_like(wanted)
    for i, example in enumerate(examples):
        if example.emotions is not None:
            wanted[i] = [emotion in example.emotions for emotion in EMOTIONS]
            weight[i] = [emotion not in example.unknown_emotions for emotion in EMOTIONS]
        elif example.sentiment is not None and max(example.sentiment) > 0.9:
            clashing = CLASHING.get(int(np.argmax(example.sentiment)), frozenset())
            weight[i] = [CLASH_WEIGHT * (emotion in clashing) for emotion in EMOTIONS]
    return Targets(wanted, weight)


def urgency_targets(examples: Sequence[Example]) -> Targets:
    """One column: urgent or not."""
    wanted = np.array([[bool(example.urgent)] for example in examples], np.float32)
    weight = np.array([[example.urgent is not None] for example in examples], np.float32)
    urgent, calm = float((weight * wanted).sum()), float((weight * (1 - wanted)).sum())
    if urgent and calm:
        weight *= np.where(wanted > 0, calm * URGENT_SHARE / (1 - URGENT_SHARE) / urgent, 1.0)
    return Targets(wanted, weight)


def own_targets(examples: Sequence[Example], seen: int) -> Targets:
    """One column a source's own label that `seen` examples carry; known in that source only."""
    labelled = [(e.source, label) for e in examples for label in sorted(e.labels or ())]
    often = sorted(own for own, times in Counter(labelled).items() if times >= seen)
    column = {own: k for k, own in enumerate(often)}
    wanted = np.zeros((len(examples), len(often)), np.float32)
    weight = np.zeros_like(wanted)
    of_source = {
        source: [k for (name, _), k in column.items() if name == source] for source, _ in often
    }
    for i, example in enumerate(examples):
        if example.labels is None:
            continue
        weight[i, of_source.get(example.source, [])] = 1.0
        found = [column[own] for x in example.labels if (own := (example.source, x)) in column]
        wanted[i, found] = 1.0
    return Targets(wanted, weight)


def softened(hard: Targets, soft: Matrix) -> Targets:
    """Half what people said, half what a larger network read; only the latter where nobody said.

    Rows of `soft` (shaped like `hard.wanted`) that nothing read hold NaN and change nothing.
    """
    read = ~np.isnan(soft).any(axis=1, keepdims=True)
    said = hard.weight.any(axis=1, keepdims=True)
    taught = np.where(said, (1 - TAUGHT_SHARE) * hard.wanted + TAUGHT_SHARE * soft, soft)
    return Targets(
        np.where(read, taught, hard.wanted).astype(np.float32),
        np.where(read & ~said, np.float32(TAUGHT_ALONE), hard.weight).astype(np.float32),
    )
