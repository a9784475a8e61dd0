"""Net Promoter Score: how likely to recommend, 0 to 10."""

from __future__ import annotations

from typing import Literal

from surveys.questions.scale import ScaleQuestion


class NpsQuestion(ScaleQuestion):
    """A score from 0 (not at all likely) to 10 (extremely likely)."""

    type: Literal["nps"]

    @property
    def low(self) -> int:
        """Zero."""
        return 0

    @property
    def high(self) -> int:
        """Ten."""
        return 10

    @property
    def kind(self) -> str:
        """Read as an NPS reply."""
        return "nps"
