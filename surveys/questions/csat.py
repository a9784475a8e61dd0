"""Customer satisfaction: 1 up to 5, or as many points as the survey says."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from surveys.questions.scale import Direction, ScaleQuestion


class CsatQuestion(ScaleQuestion):
    """A score from 1 to `scale`; `direction` says which end is the satisfied one."""

    type: Literal["csat"]
    scale: Annotated[int, Field(ge=3, le=10)] = 5
    direction: Direction = "higher_is_better"

    @property
    def high(self) -> int:
        """As many points as declared."""
        return self.scale

    @property
    def reverse(self) -> bool:
        """As declared."""
        return self.direction == "lower_is_better"

    @property
    def kind(self) -> str:
        """Read as a CSAT reply."""
        return "csat"

    def anchors(self, language: str) -> tuple[str, str]:
        """Satisfied stands at the end that the direction says."""
        low, high = super().anchors(language)
        own = self.low_label is not None or self.direction == "higher_is_better"
        return (low, high) if own else (high, low)
