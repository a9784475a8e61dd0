"""What a report is about: a journey's touchpoints, a period, and filters; all checked here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session, selectinload

from feedback.cells.members import members_of
from feedback.reporting.languages import known_language
from feedback.reporting.narrowing import known_channel, survey_id_of
from feedback.reporting.period import Period, Piece
from feedback.reporting.segments import Members, find_segment, segment_members
from feedback.themes.catalogue import Catalogue
from feedback.themes.rows import catalogue_of
from models.errors import InvalidInput, NotFound
from models.journey import Journey, Stage
from models.reading import Comment
from models.response import Response
from models.workspace import Workspace

MOST_ASKED_APART = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a report, as asked: a segment's and a survey's key, a channel, a language."""

    segment: str | None = None
    channel: str | None = None
    survey: str | None = None
    language: str | None = None

    @classmethod
    def of(cls, given: Mapping[str, str], prefix: str = "") -> Filters:
        """Those among what was given, by their names behind a prefix."""
        return cls(**{one.name: given.get(prefix + one.name) for one in fields(cls)})


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows of a workspace count; `touchpoints` are keys by id, `customers` ids or all.

    `themes` says what themes are called, which count as another, and which not at all.
    `feeling` is the sentiment of the mentions that count: what hurts, or what delights.
    `members` are the customers of a segment whose members are kept as rows. `pieces`, where
    given, stand for the touchpoints in the period: some of them, in parts of it. `language` is
    the one that was asked in; of a comment that belongs to no response, the one it is in.
    `timezone` is the workspace's, whose days are counted; None: nothing is read by days.
    """

    workspace_id: int
    touchpoints: Mapping[int, str]
    period: Period
    survey_id: int | None = None
    channel: str | None = None
    customers: tuple[int, ...] | None = None
    themes: Catalogue = field(default_factory=Catalogue)
    feeling: str = "negative"
    members: Members | None = None
    pieces: tuple[Piece, ...] | None = None
    language: str | None = None
    timezone: str | None = None

    @property
    def narrowed(self) -> bool:
        """Whether a filter leaves rows of the journey out."""
        filters = (self.survey_id, self.channel, self.language, self.customers, self.members)
        return any(one is not None for one in filters)

    def unfiltered(self) -> Scope:
        """The same touchpoints and period, and everybody who answered there."""
        wide = replace(self, survey_id=None, channel=None, language=None)
        return replace(wide, customers=None, members=None)

    def within(self, period: Period) -> Scope:
        """The same rows in another period."""
        return replace(self, period=period)

    def at(self, touchpoints: Collection[str]) -> Scope:
        """The same rows at some of the touchpoints, by key."""
        places = {id_: key for id_, key in self.touchpoints.items() if key in touchpoints}
        return replace(self, touchpoints=places)

    def praising(self) -> Scope:
        """The same rows, what they praise counted where what they complain of was."""
        return replace(self, feeling="positive")


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


def _bounds(session: Session, scope: Scope) -> tuple[datetime, datetime] | None:
    """When the first and the last thing in the journey happened."""
    # asked one by one, an index has the ends ready; SQLite takes 500 such questions at once
    points = [*scope.touchpoints]
    few = len(points) <= MOST_ASKED_APART
    places = [[point] for point in points] if few else [points]
    ends = [
        select(end(table.occurred_at).label("moment")).where(
            table.workspace_id == scope.workspace_id, table.touchpoint_id.in_(place)
        )
        for table in (Response, Comment)
        for place in places
        for end in (func.min, func.max)
    ]
    if not ends:
        return None
    moments = union_all(*ends).subquery()
    first, last = func.min(moments.c.moment), func.max(moments.c.moment)
    row = session.execute(select(first, last)).one()
    return None if row[0] is None else (row[0], row[1])


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


def _of_segment(session: Session, scope: Scope, key: str) -> Scope:
    """The scope narrowed to a segment: by the rows of its members, or by its filter."""
    segment = find_segment(session, scope.workspace_id, key)
    members = members_of(session, segment)
    if members is not None:
        return replace(scope, members=members)
    return replace(scope, customers=segment_members(session, scope.workspace_id, key))


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
    scope = Scope(
        workspace_id,
        touchpoints,
        Period(now, now),
        survey_id_of(session, workspace_id, filters.survey) if filters.survey else None,
        known_channel(filters.channel),
        None,
        catalogue_of(session, workspace_id),
        language=known_language(filters.language),
        timezone=session.get_one(Workspace, workspace_id).timezone,
    )
    if filters.segment:
        scope = _of_segment(session, scope, filters.segment)
    return scope.within(_period(session, scope, *asked, now))
