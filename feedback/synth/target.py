"""Where a made-up history goes, and one response on its way there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from feedback.synth.words import Spoken


@dataclass(frozen=True)
class Target:
    """Where the history goes; `touchpoints` are ids in the model's order."""

    workspace_id: int
    survey_id: int
    version_id: int
    touchpoints: Sequence[int]
    seed: int
    read: bool
    now: datetime

    @property
    def source(self) -> str:
        """Where the rows come from; a seed's history is there once."""
        return f"synth:{self.seed}"


@dataclass(frozen=True, slots=True)
class One:
    """One response on its way into the tables."""

    number: int
    customer_id: int
    place: int
    event: str
    score: int
    at: datetime
    spoken: Spoken | None
