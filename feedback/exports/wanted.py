"""Which rows an export holds: filters as people write them, checked before the first byte."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from feedback.reporting.languages import known_language
from feedback.reporting.narrowing import known_channel, survey_id_of
from feedback.reporting.period import read_period
from feedback.reporting.scope import find_journey
from feedback.reporting.segments import segment_members
from models.workspace import Workspace
from surveys.schedule import zone_of

NAMES = ("journey", "from", "to", "segment", "channel", "survey", "language")
OpenSession = Callable[[], Session]


@dataclass(frozen=True)
class Wanted:
    """The rows of one workspace that are wanted; None leaves nothing out.

    `touchpoints` are those of the journey asked for, `customers` those of the segment. `start`
    and `end` are aware UTC; what happened at `end` is not wanted. `given` is what was asked.
    """

    workspace_id: int
    zone: tzinfo
    given: Mapping[str, str]
    start: datetime | None = None
    end: datetime | None = None
    touchpoints: tuple[int, ...] | None = None
    survey_id: int | None = None
    channel: str | None = None
    language: str | None = None
    customers: frozenset[int] | None = None

    def counts(self, customer_id: int | None) -> bool:
        """Whether what this customer said is wanted."""
        return self.customers is None or customer_id in self.customers


def find_wanted(session: Session, workspace: Workspace, asked: Mapping[str, str | None]) -> Wanted:
    """Read the filters of a report (NAMES); dates are days of the workspace's own zone."""
    given = {name: str(asked[name]) for name in NAMES if asked.get(name)}
    zone, workspace_id = zone_of(workspace.timezone), workspace.id
    start, end = read_period(given, zone)
    survey = given.get("survey")
    return Wanted(
        workspace_id=workspace_id,
        zone=zone,
        given=given,
        start=start,
        end=end,
        touchpoints=_touchpoints(session, workspace_id, given.get("journey")),
        survey_id=survey_id_of(session, workspace_id, survey) if survey else None,
        channel=known_channel(given.get("channel")),
        language=known_language(given.get("language")),
        customers=_members(session, workspace_id, given.get("segment")),
    )


def _touchpoints(session: Session, workspace_id: int, key: str | None) -> tuple[int, ...] | None:
    if key is None:
        return None
    journey = find_journey(session, workspace_id, key)
    return tuple(point.id for stage in journey.stages for point in stage.touchpoints)


def _members(session: Session, workspace_id: int, key: str | None) -> frozenset[int] | None:
    return frozenset(segment_members(session, workspace_id, key)) if key else None
