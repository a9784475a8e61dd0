"""The watched series of a workspace, filled from the sums of its journeys period by period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from feedback.alerts.lines import Line, lines
from feedback.alerts.rhythms import Rhythm, period, starts
from feedback.reporting.cells import journey_sums
from feedback.reporting.period import Period
from feedback.reporting.scope import Filters, Scope, find_scope
from feedback.statistics.sums import JourneySums
from models.journey import Journey, Stage
from models.reading import Comment
from models.response import Response


@dataclass(frozen=True)
class Watched:
    """What one look reads: the lines of every journey of a workspace."""

    rhythm: Rhythm
    first: date
    lines: tuple[Line, ...]


def journeys(session: Session, workspace_id: int) -> list[Journey]:
    """The workspace's journeys with their touchpoints, by key."""
    query = (
        select(Journey)
        .where(Journey.workspace_id == workspace_id)
        .options(selectinload(Journey.stages).selectinload(Stage.touchpoints))
        .order_by(Journey.key)
    )
    return list(session.scalars(query))


def watched(
    session: Session, workspace_id: int, rhythm: Rhythm, first: date, zone: tzinfo
) -> Watched:
    """The series of the period that begins on `first` and of those before it."""
    found: list[Line] = []
    for journey in journeys(session, workspace_id):
        scope = scope_of(session, journey, period(rhythm, first, zone))
        if scope.touchpoints and _heard(session, scope):
            sums = list(_by_period(session, scope, rhythm, first, zone))
            found += lines(journey.id, sums)
    return Watched(rhythm, first, tuple(found))


def scope_of(session: Session, journey: Journey, span: Period) -> Scope:
    """The rows of a journey in a period, whoever answered."""
    return find_scope(session, journey, (span.start, span.end), Filters(), span.end)


def _by_period(
    session: Session, scope: Scope, rhythm: Rhythm, first: date, zone: tzinfo
) -> Iterator[JourneySums]:
    for day in starts(rhythm, first):
        span = scope.within(period(rhythm, day, zone))
        yield journey_sums(session, span) if _heard(session, span) else JourneySums()


def _heard(session: Session, scope: Scope) -> bool:
    """Whether anything at all was heard: half a year of silence costs two small questions a day."""
    return any(
        session.scalar(
            select(table.id)
            .where(
                table.workspace_id == scope.workspace_id,
                table.touchpoint_id.in_(scope.touchpoints),
                table.occurred_at >= scope.period.start,
                table.occurred_at < scope.period.end,
            )
            .limit(1)
        )
        for table in (Response, Comment)
    )


def unread(session: Session, workspace_id: int, span: Period) -> bool:
    """Whether a comment of that time still waits to be read."""
    waiting = select(Comment.id).where(
        Comment.workspace_id == workspace_id,
        Comment.read_state == "waiting",
        Comment.occurred_at >= span.start,
        Comment.occurred_at < span.end,
    )
    return session.scalar(waiting.limit(1)) is not None


def settled_by(span: Period, now: datetime, patience: float) -> bool:
    """Whether so many hours went by since its end: then what is unread is not waited for."""
    return (now - span.end).total_seconds() >= patience * 3600.0
