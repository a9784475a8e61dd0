"""What a report is about: a journey's touchpoints, a period, and filters; all checked here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from feedback.reporting.period import Period
from feedback.reporting.segments import segment_members
from feedback.themes.catalogue import Catalogue
from feedback.themes.rows import catalogue_of
from models.errors import InvalidInput, NotFound
from models.journey import Journey, Stage
from models.reading import Comment
from models.response import Response
from models.survey import CHANNELS, Survey


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a report, as asked: a segment's and a survey's key, a channel."""

    segment: str | None = None
    channel: str | None = None
    survey: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows of a workspace count; `touchpoints` are keys by id, `customers` ids or all.

    `themes` says what themes are called, which count as another, and which not at all.
    """

    workspace_id: int
    touchpoints: Mapping[int, str]
    period: Period
    survey_id: int | None = None
    channel: str | None = None
    customers: tuple[int, ...] | None = None
    themes: Catalogue = field(default_factory=Catalogue)

    @property
    def narrowed(self) -> bool:
        """Whether a filter leaves rows of the journey out."""
        return (self.survey_id, self.channel, self.customers) != (None, None, None)

    def within(self, period: Period) -> Scope:
        """The same rows in another period."""
        return replace(self, period=period)


def find_journey(session: Session, workspace_id: int, asked: str | None) -> Journey:
    """A journey by key or id; without either, the workspace's only one."""
    query = (
        select(Journey)
        .where(Journey.workspace_id == workspace_id)
        .options(selectinload(Journey.stages).selectinload(Stage.touchpoints))
        .order_by(Journey.key)
    )
    journeys = list(session.scalars(query))
    if asked is None and len(journeys) == 1:
        return journeys[0]
    by_name = {str(journey.id): journey for journey in journeys}
    by_name |= {journey.key: journey for journey in journeys}
    if asked in by_name:
        return by_name[asked]
    known = ", ".join(journey.key for journey in journeys)
    mend = f"Name one of: {known}" if known else "Make one with `waymark apply FILE`"
    message = f"there is no journey {asked!r}" if asked else "say which journey"
    if not known:
        message = "this workspace has no journey"
    raise NotFound(message, field="journey", mend=mend)


def _survey_id(session: Session, workspace_id: int, key: str) -> int:
    known = {
        survey.key: survey.id
        for survey in session.scalars(select(Survey).where(Survey.workspace_id == workspace_id))
    }
    if key not in known:
        mend = f"Name one of: {', '.join(sorted(known))}" if known else "There is none yet"
        raise NotFound(f"there is no survey {key!r}", field="survey", mend=mend)
    return known[key]


def _bounds(session: Session, scope: Scope) -> tuple[datetime, datetime] | None:
    """When the first and the last thing in the journey happened."""
    ends: list[datetime] = []
    for table in (Response, Comment):
        row = session.execute(
            select(func.min(table.occurred_at), func.max(table.occurred_at)).where(
                table.workspace_id == scope.workspace_id,
                table.touchpoint_id.in_(scope.touchpoints),
            )
        ).one()
        ends += [moment for moment in row if moment is not None]
    return (min(ends), max(ends)) if ends else None


def _period(
    session: Session, scope: Scope, start: datetime | None, end: datetime | None, now: datetime
) -> Period:
    """What was asked, the ends left open filled by the data; an open end after a start is now."""
    if start is None or end is None:
        first, last = _bounds(session, scope) or (now, now)
        until = now if start is not None else last.replace(microsecond=0) + timedelta(seconds=1)
        start, end = start or min(first, end or first), end or max(until, start or until)
    if start > end:
        raise InvalidInput("ends before it begins", field="to", mend="Give a `to` after `from`")
    return Period(start, end)


def find_scope(
    session: Session,
    journey: Journey,
    asked: tuple[datetime | None, datetime | None],
    filters: Filters,
    now: datetime,
) -> Scope:
    """The rows a report on this journey counts; without a period, its whole history."""
    workspace_id = journey.workspace_id
    touchpoints = {point.id: point.key for stage in journey.stages for point in stage.touchpoints}
    if filters.channel is not None and filters.channel not in CHANNELS:
        mend = f"Use one of {', '.join(CHANNELS)}"
        raise InvalidInput(f"no channel {filters.channel!r}", field="channel", mend=mend)
    scope = Scope(
        workspace_id,
        touchpoints,
        Period(now, now),
        _survey_id(session, workspace_id, filters.survey) if filters.survey else None,
        filters.channel,
        segment_members(session, workspace_id, filters.segment) if filters.segment else None,
        catalogue_of(session, workspace_id),
    )
    return scope.within(_period(session, scope, *asked, now))
