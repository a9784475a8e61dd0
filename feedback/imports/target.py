"""Where an import's rows go, and the count of what was added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from feedback.attach import attach
from feedback.imports.rows import Row
from feedback.scoring import Scale


@dataclass(frozen=True)
class Target:
    """Where the rows go: the workspace, the survey's version, the touchpoints by key."""

    workspace_id: int
    survey_id: int
    version_id: int
    touchpoints: Mapping[str, int]
    source: str
    event: str
    channel: str
    language: str | None
    score_key: str | None
    scale: Scale | None
    now: datetime

    def touchpoint_of(self, row: Row) -> int | None:
        """The id of the touchpoint a row speaks of."""
        imported = self.touchpoints.get(row.touchpoint) if row.touchpoint else None
        return attach(imported=imported).touchpoint_id


@dataclass
class Counts:
    """What was added, so far."""

    rows: int = 0
    responses: int = 0
    scores: int = 0
    comments: int = 0

    def add(self, rows: int, responses: int, scores: int, comments: int) -> None:
        """Count a chunk."""
        self.rows += rows
        self.responses += responses
        self.scores += scores
        self.comments += comments
