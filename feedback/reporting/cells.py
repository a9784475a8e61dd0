"""The sums a report is computed from: from stored cells, and from rows where these don't reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from feedback.cells.items import Kind
from feedback.cells.journey import journey_of, journeys_of
from feedback.cells.named import Named
from feedback.cells.read import Depth, named_of
from feedback.reporting.scope import Scope
from feedback.statistics.sums import JourneySums

CommentStates = Mapping[str, int]


def reach_sums(session: Session, scope: Scope) -> JourneySums:
    """Who said what, without scores: as much as a trend needs."""
    return journey_of(named_of(session, scope, "reach"), scope.touchpoints, scope.feeling)


def journey_sums(session: Session, scope: Scope) -> JourneySums:
    """Everything a report shows, as sums by touchpoint and cell."""
    return journey_of(named_of(session, scope), scope.touchpoints, scope.feeling)


def felt_sums(
    session: Session, scope: Scope, depth: Depth = "whole"
) -> tuple[JourneySums, JourneySums]:
    """The sums of what hurts and of what delights, by one reading."""
    named = named_of(session, replace(scope, feeling="both"), depth)
    return journeys_of(named, scope.touchpoints)


def whole_sums(session: Session, scope: Scope) -> tuple[JourneySums, JourneySums, CommentStates]:
    """The same, and how many comments wait to be read, are read, and could not be read."""
    named = named_of(session, replace(scope, feeling="both"))
    return *journeys_of(named, scope.touchpoints), _states(named)


def _states(named: Named) -> CommentStates:
    found: Counter[str] = Counter()
    for item, number in named.only(named.kind == Kind.STATE).items().items():
        found[item.first] += number
    return found
