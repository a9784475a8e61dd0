"""What the stored sums mean: changed, all are counted anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.themes.rows import catalogue_of
from models.customer import Segment
from models.workspace import Workspace

FORMAT = 4
"""The edition of what is stored, and how."""


@dataclass(frozen=True, slots=True)
class Definitions:
    """A name of what all sums are of, and of each segment's filter, by the segment's id."""

    base: str
    segments: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """As a state keeps them."""
        return {"base": self.base, "segments": dict(self.segments)}


def _name(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def base_name(timezone: str, merged: Mapping[str, str]) -> str:
    """The name of a zone, which cuts the days, and of which themes count as which."""
    return _name([FORMAT, timezone, sorted(merged.items())])


def segment_name(segment: Segment) -> str:
    """The name of a segment's filter; one made anew has another: SQLite gives ids again."""
    return _name([segment.created_at.timestamp(), segment.filter])


def definitions_of(session: Session, workspace: Workspace) -> Definitions:
    """A workspace's definitions of today."""
    segments = session.scalars(select(Segment).where(Segment.workspace_id == workspace.id))
    return Definitions(
        base_name(workspace.timezone, catalogue_of(session, workspace.id).merged),
        {str(segment.id): segment_name(segment) for segment in segments},
    )
