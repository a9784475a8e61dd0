"""The days that cells are not right for: marked, or of customers who changed segment since."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from feedback.cells.days import HOUR, Calendar
from feedback.cells.watched import SAID, Watched
from feedback.reporting.period import Period
from feedback.reporting.scope import Scope
from feedback.reporting.segments import one_of_ids

MOST_MARKS = 5000
MOST_DAYS = 40
"""More marked hours, or days, than this: all is read from rows."""


def stale_days(
    session: Session, scope: Scope, calendar: Calendar, days: range, watched: Watched = SAID
) -> dict[int, set[int]] | None:
    """The days of a period that cells are not right for, by touchpoint; None: too many."""
    period = calendar.period(days.start, days.stop - 1)
    hours = [*_marked_hours(session, scope, period, watched)]
    if len(hours) > MOST_MARKS:
        return None
    hours += _moved(session, scope, watched)
    found: dict[int, set[int]] = {}
    by_hour = {hour: calendar.days_of_hour(hour) for hour in {hour for _, hour in hours}}
    for touchpoint, hour in hours:
        inside = {day for day in by_hour[hour] if day in days}
        if inside and touchpoint in scope.touchpoints:
            found.setdefault(touchpoint, set()).update(inside)
    every: set[int] = set().union(*found.values())
    return None if len(every) > MOST_DAYS else found


def _marked_hours(
    session: Session, scope: Scope, period: Period, watched: Watched
) -> list[tuple[int, str]]:
    first, last = period.start.strftime(HOUR), period.end.strftime(HOUR)
    marks = watched.marks
    query = (
        select(marks.touchpoint_id, marks.hour)
        .where(
            marks.workspace_id == scope.workspace_id,
            marks.touchpoint_id.in_(scope.touchpoints),
            marks.hour.between(first, last),
        )
        .distinct()
        .limit(MOST_MARKS + 1)
    )
    return [(int(row.touchpoint_id or 0), str(row.hour)) for row in session.execute(query)]


def _moved(session: Session, scope: Scope, watched: Watched) -> list[tuple[int, str]]:
    """Where those were who joined or left the segment since its cells were counted."""
    if scope.members is None or not (scope.members.joined or scope.members.left):
        return []
    moved = (*scope.members.joined, *scope.members.left)
    return places_of(session, scope.workspace_id, moved, watched)


def places_of(
    session: Session, workspace_id: int, customers: Collection[int], watched: Watched = SAID
) -> list[tuple[int, str]]:
    """The touchpoints and hours (UTC) at which customers spoke, or were asked."""
    tables = (
        select(one.table.touchpoint_id, one.moment.label("moment")).where(
            *one.placed(workspace_id),
            one_of_ids(session, one.table.customer_id, list(customers)),
        )
        for one in watched
    )
    rows = session.execute(union(*tables)).all()
    return sorted({(row.touchpoint_id, row.moment.strftime(HOUR)) for row in rows})
