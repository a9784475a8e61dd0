"""Measures of quality, by their textbook formulas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Counts:
    """Right, wrongly found, and missed."""

    right: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 where nothing was right."""
        return 2 * self.right / (2 * self.right + self.extra + self.missed) if self.right else 0.0


def macro_f1(wanted: Sequence[str], found: Sequence[str]) -> float:
    """Mean F1 over the labels that were wanted."""
    pairs = Counter(zip(wanted, found, strict=True))
    labels = sorted(set(wanted))
    return sum(_class_counts(pairs, label).f1 for label in labels) / len(labels)


def _class_counts(pairs: Counter[tuple[str, str]], label: str) -> Counts:
    right = pairs[label, label]
    return Counts(
        right,
        sum(n for (_, found), n in pairs.items() if found == label) - right,
        sum(n for (wanted, _), n in pairs.items() if wanted == label) - right,
    )


@dataclass(frozen=True, slots=True)
class ThemeScores:
    """F1 over all decisions, and the mean of the themes' own."""

    micro: float
    macro: float


def theme_scores(
    wanted: Sequence[Collection[frozenset[str]]], found: Sequence[Collection[str]]
) -> ThemeScores:
    """Themes against labels that are sets of which any member counts.

    A found theme is right if a wanted set holds it. A set of which no theme was found is missed:
    once in the micro-F1, and in the F1 of each of its themes. Any other found theme is a false
    find, also one that no label of these comments speaks of; the mean is over themes spoken of.
    """
    spoken = sorted({theme for sets in wanted for themes in sets for theme in themes})
    right, extra, missed = Counter[str](), Counter[str](), Counter[str]()
    missed_sets = 0
    for sets, themes in zip(wanted, found, strict=True):
        allowed = frozenset[str]().union(*sets)
        right.update(theme for theme in themes if theme in allowed)
        extra.update(theme for theme in themes if theme not in allowed)
        for lost in (s for s in sets if not s & set(themes)):
            missed_sets += 1
            missed.update(lost)
    each = [Counts(right[t], extra[t], missed[t]).f1 for t in spoken]
    total = Counts(right.total(), extra.total(), missed_sets)
    return ThemeScores(total.f1, sum(each) / max(1, len(each)))


def calibration_error(
    probabilities: NDArray[np.float32], wanted: Sequence[int], bins: int = 15
) -> float:
    """Expected calibration error of the likeliest class, in 0..1 (Guo et al. 2017).

    Rows are split into bins of equal width by how sure they are; the mean over rows of how far
    a bin's sureness lies from the share of it that is right.
    """
    sure = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == np.asarray(wanted)
    of_bin = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [
        abs(float(sure[of_bin == b].sum()) - float(right[of_bin == b].sum()))
        for b in np.unique(of_bin)
    ]
    return sum(gaps) / len(sure)
