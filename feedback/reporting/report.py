"""The pain-point report: one piece of code for the page, the API and the command."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from feedback.reporting import out
from feedback.reporting.cells import journey_sums, reach_sums
from feedback.reporting.evidence import Quote, quotes
from feedback.reporting.heard import comment_states
from feedback.reporting.period import Period
from feedback.reporting.schema import CommentsOut, PainPointOut, PeriodOut, Report, StageOut
from feedback.reporting.scope import Filters, find_journey, find_scope
from feedback.statistics.painpoints import PainPoint, rank
from feedback.statistics.sums import Cell, JourneySums, TouchpointSums
from feedback.themes.catalogue import Catalogue
from models.journey import Journey, Stage

WHOLE_HISTORY = (None, None)


def pain_point_report(
    session: Session,
    workspace_id: int,
    now: datetime,
    journey: str | None = None,
    period: tuple[datetime | None, datetime | None] = WHOLE_HISTORY,
    filters: Filters = Filters(),  # noqa: B008 - frozen
) -> Report:
    """The report on a journey (by key or id; the only one, when None) of one workspace.

    `period` is from and until just before, both aware. With a start, the trend is against the
    period of equal length before; over a whole history, of its later half against the earlier.
    """
    found = find_journey(session, workspace_id, journey)
    scope = find_scope(session, found, period, filters, now)
    sums = journey_sums(session, scope)
    if period[0] is None:
        earlier, later = scope.period.halves()
        current = reach_sums(session, scope.within(later))
    else:
        earlier, later, current = scope.period.before(), scope.period, sums
    points = rank(sums, reach_sums(session, scope.within(earlier)), current)
    states = comment_states(session, scope)
    return Report(
        journey=found.key,
        name=found.name,
        start=scope.period.start,
        end=scope.period.end,
        trend_previous=_period(earlier),
        trend_current=_period(later),
        n_responses=sum(part.responses for part in sums.touchpoints.values()),
        n_lone_comments=sum(part.voices - part.responses for part in sums.touchpoints.values()),
        comments=CommentsOut(**{name: states.get(name, 0) for name in CommentsOut.model_fields}),
        scores=out.scores(sums.touchpoints.values()),
        sentiment=out.sentiment(sums.touchpoints.values()),
        stages=[_stage(stage, sums) for stage in found.stages],
        pain_points=_pain_points(found, points, scope.themes, quotes(session, scope)),
    )


def _period(period: Period) -> PeriodOut:
    return PeriodOut(start=period.start, end=period.end)


def _stage(stage: Stage, sums: JourneySums) -> StageOut:
    parts: list[TouchpointSums] = [
        sums.touchpoints.get(point.key, TouchpointSums()) for point in stage.touchpoints
    ]
    points = [
        out.touchpoint(point.key, point.name, part)
        for point, part in zip(stage.touchpoints, parts, strict=True)
    ]
    return out.stage(stage.key, stage.name, parts, points)


def _pain_points(
    journey: Journey,
    points: Iterable[PainPoint],
    themes: Catalogue,
    said: Mapping[Cell, tuple[Quote, ...]],
) -> list[PainPointOut]:
    stages = {point.key: stage.key for stage in journey.stages for point in stage.touchpoints}
    return [
        out.pain_point(
            stages[point.cell.touchpoint],
            point,
            themes.name(point.cell.theme),
            said.get(point.cell, ()),
        )
        for point in points
    ]
