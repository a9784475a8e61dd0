"""The sums a report is computed from: the one place where rows become statistics."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from feedback import heard_queries, score_queries
from feedback.report_scope import Scope
from feedback.statistics.sums import JourneySums, Moments, TouchpointSums


def reach_sums(session: Session, scope: Scope) -> JourneySums:
    """Who said what, without scores: as much as a trend needs."""
    responses = heard_queries.responses(session, scope)
    alone = heard_queries.lone_comments(session, scope)
    touchpoints = {
        key: TouchpointSums(responses.get(key, 0) + alone.get(key, 0), responses.get(key, 0))
        for key in scope.touchpoints.values()
    }
    return JourneySums(touchpoints, heard_queries.mentions(session, scope))


def journey_sums(session: Session, scope: Scope) -> JourneySums:
    """Everything a report shows, as sums by touchpoint and cell."""
    sums = reach_sums(session, scope)
    points = score_queries.points(session, scope)
    tallies = score_queries.tallies(session, scope)
    sentiments = heard_queries.sentiments(session, scope)
    emotions = heard_queries.emotions(session, scope)
    costs = score_queries.cell_points(session, scope)
    touchpoints = {
        key: replace(
            part,
            points=points.get(key, {}),
            tallies=tallies.get(key, {}),
            sentiment=sentiments.get(key, Moments()),
            emotions=emotions.get(key, {}),
        )
        for key, part in sums.touchpoints.items()
    }
    cells = {cell: replace(part, points=costs.get(cell, {})) for cell, part in sums.cells.items()}
    return JourneySums(touchpoints, cells, score_queries.pairs(session, scope))
