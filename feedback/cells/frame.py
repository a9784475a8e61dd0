"""What is counted at once: some days at some touchpoints of a workspace, and never too much."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.cells.days import Calendar, runs
from feedback.reporting.period import Piece
from feedback.reporting.scope import Scope
from feedback.reporting.sources import comment_filter, response_filter
from feedback.themes.catalogue import Catalogue
from feedback.themes.rows import catalogue_of
from models.customer import Segment
from models.reading import Comment
from models.response import Response
from models.workspace import Workspace
from surveys.schedule import zone_of

MOST = 250_000
"""About so many responses and comments are counted at once, in some 500 MB."""

Days = Mapping[int, Collection[int]]
"""Days, and the touchpoints to count on each."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What all counting of one workspace needs to know; `most` rows are counted at once."""

    workspace_id: int
    calendar: Calendar
    themes: Catalogue
    segments: bool
    most: int = MOST


def frame_of(session: Session, workspace: Workspace) -> Frame:
    """The frame of a workspace as it is defined now."""
    some = select(Segment.id).where(Segment.workspace_id == workspace.id).limit(1)
    return Frame(
        workspace.id,
        Calendar(zone_of(workspace.timezone)),
        catalogue_of(session, workspace.id),
        session.scalar(some) is not None,
    )


def scope_of(frame: Frame, days: Days) -> Scope:
    """The rows of some days, at each day's own touchpoints."""
    together: dict[frozenset[int], list[int]] = {}
    for day, touchpoints in days.items():
        together.setdefault(frozenset(touchpoints), []).append(day)
    calendar = frame.calendar
    pieces = tuple(
        Piece(tuple(sorted(touchpoints)), calendar.period(first, end - 1))
        for touchpoints, listed in together.items()
        for first, end in runs(listed)
    )
    named = {one: str(one) for touchpoints in together for one in touchpoints}
    whole = calendar.period(min(days), max(days))
    return Scope(frame.workspace_id, named, whole, themes=frame.themes, pieces=pieces)


def is_too_much(session: Session, frame: Frame, days: Days) -> bool:
    """Whether there are more responses and comments than are counted at once."""
    scope, found = scope_of(frame, days), 0
    for table, clause in (
        (Response.id, response_filter(session, scope)),
        (Comment.id, comment_filter(session, scope)),
    ):
        some = select(table).where(clause).limit(frame.most + 1).subquery()
        found += session.scalar(select(func.count()).select_from(some)) or 0
    return found > frame.most


def portions(session: Session, frame: Frame, days: Days) -> Iterator[Days]:
    """Days in parts that are not too much: halved by days, and one day by its touchpoints."""
    if not days:
        return
    halves = _halves(days)
    if len(halves) == 1 or not is_too_much(session, frame, days):
        yield days
        return
    for half in halves:
        yield from portions(session, frame, half)


def _halves(days: Days) -> list[Days]:
    if len(days) > 1:
        listed = sorted(days)
        middle = len(listed) // 2
        return [{day: days[day] for day in part} for part in (listed[:middle], listed[middle:])]
    ((day, touchpoints),) = days.items()
    points = sorted(touchpoints)
    middle = len(points) // 2
    return [{day: part} for part in (points[:middle], points[middle:]) if part]
