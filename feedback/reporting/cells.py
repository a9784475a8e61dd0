"""The sums a report is computed from: from stored cells, and from rows where these don't reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from feedback.cells.journey import journey_of, journeys_of
from feedback.cells.read import Depth, named_of, states_of
from feedback.reporting.scope import Scope
from feedback.statistics.sums import JourneySums


def reach_sums(session: Session, scope: Scope) -> JourneySums:
    """Who said what, without scores: as much as a trend needs."""
    return journey_of(named_of(session, scope, "reach"), scope.touchpoints, scope.feeling)


def journey_sums(session: Session, scope: Scope) -> JourneySums:
    """Everything a report shows, as sums by touchpoint and cell."""
    return journey_of(named_of(session, scope), scope.touchpoints, scope.feeling)


def comment_states(session: Session, scope: Scope) -> Mapping[str, int]:
    """How many comments wait to be read, are read, and could not be read."""
    found: Counter[str] = Counter()
    for item, number in states_of(session, scope).items():
        found[item.first] += number
    return found


def felt_sums(
    session: Session, scope: Scope, depth: Depth = "whole"
) -> tuple[JourneySums, JourneySums]:
    """The sums of what hurts and of what delights, by one reading."""
    named = named_of(session, replace(scope, feeling="both"), depth)
    return journeys_of(named, scope.touchpoints)
