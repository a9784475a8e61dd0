"""Which rows an export holds: filters as people write them, checked before the first byte."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.reporting.period import read_moment
from feedback.reporting.scope import find_journey
from feedback.reporting.segments import segment_members
from models.errors import InvalidInput, NotFound
from models.survey import CHANNELS, Survey
from models.workspace import Workspace
from surveys.schedule import zone_of

NAMES = ("journey", "from", "to", "segment", "channel", "survey")
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
    customers: frozenset[int] | None = None

    def counts(self, customer_id: int | None) -> bool:
        """Whether what this customer said is wanted."""
        return self.customers is None or customer_id in self.customers


def find_wanted(session: Session, workspace: Workspace, asked: Mapping[str, str | None]) -> Wanted:
    """Read the filters of a report (NAMES); dates are days of the workspace's own zone."""
    given = {name: str(asked[name]) for name in NAMES if asked.get(name)}
    zone, workspace_id = zone_of(workspace.timezone), workspace.id
    start = read_moment(given.get("from"), "from", zone)
    end = read_moment(given.get("to"), "to", zone, end=True)
    if start is not None and end is not None and start > end:
        raise InvalidInput("ends before it begins", field="to", mend="Give a `to` after `from`.")
    return Wanted(
        workspace_id=workspace_id,
        zone=zone,
        given=given,
        start=start,
        end=end,
        touchpoints=_touchpoints(session, workspace_id, given.get("journey")),
        survey_id=_survey(session, workspace_id, given.get("survey")),
        channel=_channel(given.get("channel")),
        customers=_members(session, workspace_id, given.get("segment")),
    )


def _touchpoints(session: Session, workspace_id: int, key: str | None) -> tuple[int, ...] | None:
    if key is None:
        return None
    journey = find_journey(session, workspace_id, key)
    return tuple(point.id for stage in journey.stages for point in stage.touchpoints)


def _survey(session: Session, workspace_id: int, key: str | None) -> int | None:
    if key is None:
        return None
    mine = select(Survey.key, Survey.id).where(Survey.workspace_id == workspace_id)
    known = {row.key: row.id for row in session.execute(mine)}
    if key not in known:
        mend = f"Name one of: {', '.join(sorted(known))}" if known else "There is none yet"
        raise NotFound(f"there is no survey {key!r}", field="survey", mend=mend)
    return int(known[key])


def _channel(asked: str | None) -> str | None:
    if asked is not None and asked not in CHANNELS:
        mend = f"Use one of {', '.join(CHANNELS)}"
        raise InvalidInput(f"no channel {asked!r}", field="channel", mend=mend)
    return asked


def _members(session: Session, workspace_id: int, key: str | None) -> frozenset[int] | None:
    return frozenset(segment_members(session, workspace_id, key)) if key else None
