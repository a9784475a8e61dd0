"""How alike the answers of one customer are, measured on the panel: what widens the intervals.

The sums over customers (Σm², ΣS², Σm·S) do not add up over days or touchpoints that share
customers, so no additive table can hold them. The panel holds the answers themselves, of an
even draw of customers where there are many, so that the cost stays bounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from feedback.panel.answers import Answers
from feedback.panel.read import Panel, panel_of
from feedback.panel.sums import Asked, asked, placed, spoken
from feedback.reporting.scope import Scope
from feedback.statistics.clustered import Clusters
from feedback.statistics.columns.carried import carried
from feedback.statistics.columns.clustered import ClusterColumns
from feedback.statistics.columns.moments import MomentColumns
from feedback.statistics.metrics import Metric
from feedback.statistics.respondents import Respondents
from feedback.statistics.sums import Moments

NOBODY_TWICE = Respondents()

FEWEST = 500
"""Fewer drawn answers under a filter than this: those without the filter stand in."""


Heard = tuple[Metric, str]
"""A metric, and the key of a place where there are answers in it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The customers behind what hurts, behind what delights, and at each place, by its key."""

    hurts: Respondents = NOBODY_TWICE
    delights: Respondents = NOBODY_TWICE
    places: Mapping[Heard, Clusters] = field(default_factory=dict)

    def at(self, answers: Mapping[Heard, Moments]) -> Mapping[Heard, Clusters]:
        """The customers of each place's answers in each metric, whose points these are."""
        wholes = self.hurts.wholes
        drawn = (self.places.get(one, wholes.get(one[0], Clusters())) for one in answers)
        found = carried(ClusterColumns.of(drawn), MomentColumns.of(answers.values()))
        return {one: found.row(row) for row, one in enumerate(answers)}


def measured(
    session: Session, scope: Scope, responses: int, places: Iterable[Mapping[int, str]] = ()
) -> Measured:
    """The customers behind a scope that holds so many responses; empty if nobody came twice.

    Each of `places` says which place (a touchpoint, a stage) each touchpoint's id belongs to;
    places of different mappings have different keys.
    """
    return measured_on(session, scope, panel_of(session, scope, responses), responses, places)


def measured_on(
    session: Session,
    scope: Scope,
    panel: Panel,
    responses: int,
    places: Iterable[Mapping[int, str]] = (),
) -> Measured:
    """The same of a scope's panel that was read."""
    few = len(panel.answers) < min(FEWEST, responses)
    if few and scope.narrowed and not panel.whole:
        everybody = list(asked(panel_of(session, scope.unfiltered(), responses).answers))
        found = Respondents(_wholes(everybody))
        return Measured(found, found)
    return _measured(panel.answers, scope, places)


def _measured(answers: Answers, scope: Scope, places: Iterable[Mapping[int, str]]) -> Measured:
    parts = list(asked(answers))
    wholes = _wholes(parts)
    if not wholes:
        return Measured()
    again = [part for part in parts if part.twice]
    names, themes = scope.touchpoints, scope.themes
    hurts, delights = (
        Respondents(
            wholes,
            {part.metric: spoken(part, answers, names, themes, praise) for part in again},
        )
        for praise in (False, True)
    )
    found = {
        (part.metric, name): one
        for mapping in places
        for part in parts
        for name, one in placed(part, mapping).items()
    }
    return Measured(hurts, delights, found)


def _wholes(parts: Iterable[Asked]) -> dict[Metric, Clusters]:
    """The customers of each metric's answers, where anybody answered twice."""
    return {part.metric: part.whole for part in parts if part.twice}
