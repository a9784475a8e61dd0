"""Themes of a workspace's own beside each other, found in the same way as the built-in ones."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from nlp.custom_themes import THRESHOLD, CustomTheme
from nlp.heads import above

Matrix = NDArray[np.float32]


class OwnThemes:
    """Fitted themes by key; none of them, and nothing is found."""

    def __init__(self, themes: Mapping[str, CustomTheme]) -> None:
        self.labels = tuple(themes)
        self.thresholds = np.full(len(themes), THRESHOLD, np.float32)
        self._themes = tuple(themes.values())

    def probabilities(self, vectors: Matrix) -> Matrix:
        """Rows of probabilities, a column a theme, for rows of vectors."""
        if not self._themes:
            return np.zeros((len(vectors), 0), np.float32)
        return np.stack([theme.probabilities(vectors) for theme in self._themes], axis=1)

    def above(self, row: Matrix) -> dict[str, float]:
        """The themes that are found, likeliest first."""
        return above(self.labels, self.thresholds, row)
