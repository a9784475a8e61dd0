"""The sums a report is computed from: the one place where rows become statistics."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from feedback.reporting import heard, scores
from feedback.reporting.scope import Scope
from feedback.statistics.sums import JourneySums, Moments, TouchpointSums


def reach_sums(session: Session, scope: Scope) -> JourneySums:
    """Who said what, without scores: as much as a trend needs."""
    responses = heard.responses(session, scope)
    alone = heard.lone_comments(session, scope)
    touchpoints = {
        key: TouchpointSums(responses.get(key, 0) + alone.get(key, 0), responses.get(key, 0))
        for key in scope.touchpoints.values()
    }
    return JourneySums(touchpoints, heard.mentions(session, scope))


def journey_sums(session: Session, scope: Scope) -> JourneySums:
    """Everything a report shows, as sums by touchpoint and cell."""
    sums = reach_sums(session, scope)
    points = scores.points(session, scope)
    tallies = scores.tallies(session, scope)
    sentiments = heard.sentiments(session, scope)
    emotions = heard.emotions(session, scope)
    costs = scores.cell_points(session, scope)
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
    return JourneySums(touchpoints, cells, scores.pairs(session, scope))
