"""One pain point of a journey by its keys: its row in the report, its causes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from feedback.causes.find import Causes, causes
from feedback.reporting.period import Ends
from feedback.reporting.report import find_report
from feedback.reporting.schema import Overview, PainPointOut
from feedback.reporting.scope import Filters, Scope, find_journey, find_scope
from feedback.themes.rows import catalogue_of
from models.errors import NotFound


class Place(NamedTuple):
    """The keys of a touchpoint and of a theme."""

    touchpoint: str
    theme: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A journey (the only one, when None), a period and filters, as a report is asked for."""

    journey: str | None = None
    period: Ends = (None, None)
    filters: Filters = field(default_factory=Filters)


def find_point(
    session: Session, workspace_id: int, now: datetime, asked: Asked, place: Place
) -> tuple[Overview, PainPointOut]:
    """The report asked for, and its pain point at a place."""
    theme = catalogue_of(session, workspace_id).shown(place.theme)
    report = find_report(session, workspace_id, now, asked.journey, asked.period, asked.filters)
    points = report.pain_points
    for point in points.again([one for one in points.of if one.cell == (place.touchpoint, theme)]):
        return report.overview, point
    raise NotFound(
        "nobody complains of this here in the period you look at",
        field="theme",
        mend="Go back to the report, or widen its period.",
    )


def scope_of(session: Session, workspace_id: int, now: datetime, asked: Asked) -> Scope:
    """The rows that a report asked for so counts."""
    journey = find_journey(session, workspace_id, asked.journey)
    return find_scope(session, journey, asked.period, asked.filters, now)


def find_place(scope: Scope, place: Place) -> tuple[int, str]:
    """The touchpoint's id and the theme's key as it is shown; NotFound says which is unknown."""
    ids = [id_ for id_, key in scope.touchpoints.items() if key == place.touchpoint]
    if not ids:
        raise NotFound(
            f"there is no touchpoint {place.touchpoint!r} in this journey",
            field="touchpoint",
            mend="Choose one from the report.",
        )
    theme = scope.themes.shown(place.theme)
    if theme not in scope.themes.entries:
        raise NotFound(
            f"there is no theme {place.theme!r}", field="theme", mend="See all at /themes."
        )
    return ids[0], theme


def causes_at(session: Session, scope: Scope, place: Place, zone: ZoneInfo) -> Causes:
    """The causes of a pain point in a scope; nothing is found where nobody complains."""
    return causes(session, scope, *find_place(scope, place), zone)
