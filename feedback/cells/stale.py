"""The days that cells are not right for: marked, or of customers who changed segment since."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from feedback.cells.days import HOUR, Calendar
from feedback.reporting.period import Period
from feedback.reporting.scope import Scope
from feedback.reporting.segments import one_of_ids
from models.reading import Comment
from models.response import Response
from models.statistics import StatisticMark

MOST_MARKS = 5000
MOST_DAYS = 40
"""More marked hours, or days, than this: all is read from rows."""


def stale_days(
    session: Session, scope: Scope, calendar: Calendar, days: range
) -> dict[int, set[int]] | None:
    """The days of a period that cells are not right for, by touchpoint; None: too many."""
    hours = [*_marked_hours(session, scope, calendar.period(days.start, days.stop - 1))]
    if len(hours) > MOST_MARKS:
        return None
    hours += _moved(session, scope)
    found: dict[int, set[int]] = {}
    by_hour = {hour: calendar.days_of_hour(hour) for hour in {hour for _, hour in hours}}
    for touchpoint, hour in hours:
        inside = {day for day in by_hour[hour] if day in days}
        if inside and touchpoint in scope.touchpoints:
            found.setdefault(touchpoint, set()).update(inside)
    every: set[int] = set().union(*found.values())
    return None if len(every) > MOST_DAYS else found


def _marked_hours(session: Session, scope: Scope, period: Period) -> list[tuple[int, str]]:
    first, last = period.start.strftime(HOUR), period.end.strftime(HOUR)
    query = (
        select(StatisticMark.touchpoint_id, StatisticMark.hour)
        .where(
            StatisticMark.workspace_id == scope.workspace_id,
            StatisticMark.touchpoint_id.in_(scope.touchpoints),
            StatisticMark.hour.between(first, last),
        )
        .distinct()
        .limit(MOST_MARKS + 1)
    )
    return [(int(row.touchpoint_id or 0), str(row.hour)) for row in session.execute(query)]


def _moved(session: Session, scope: Scope) -> list[tuple[int, str]]:
    """Where those spoke who joined or left the segment since its cells were counted."""
    if scope.members is None or not (scope.members.joined or scope.members.left):
        return []
    return places_of(session, scope.workspace_id, (*scope.members.joined, *scope.members.left))


def places_of(
    session: Session, workspace_id: int, customers: Collection[int]
) -> list[tuple[int, str]]:
    """The touchpoints and hours (UTC) at which customers spoke."""
    tables = (
        select(table.touchpoint_id, table.occurred_at).where(
            table.workspace_id == workspace_id,
            table.touchpoint_id.is_not(None),
            one_of_ids(session, table.customer_id, list(customers)),
        )
        for table in (Response, Comment)
    )
    rows = session.execute(union(*tables)).all()
    return sorted({(row.touchpoint_id, row.occurred_at.strftime(HOUR)) for row in rows})
