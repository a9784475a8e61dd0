"""Customer effort: 1 to 7, in the direction the survey declares."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from surveys.questions.scale import Direction, ScaleQuestion


class CesQuestion(ScaleQuestion):
    """A score from 1 to `scale`.

    `direction` has no default: "they made it easy" (CES 2.0) is better when higher, "how much
    effort did it take" when lower, and a guess would turn the result on its head.
    """

    type: Literal["ces"]
    direction: Direction
    scale: Annotated[int, Field(ge=5, le=10)] = 7

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
        """Read as a CES reply."""
        return "ces"

    @property
    def ends(self) -> str:
        """Agreement for the ease statement, effort for the older question."""
        return "ces" if self.direction == "higher_is_better" else "effort"
