"""How alike the answers of one customer are, measured in the rows: what widens the intervals.

The sums over customers (Σm², ΣS², Σm·S) do not add up over days or touchpoints that share
customers, so no additive table can hold them. They are taken by one grouping of the scope's
rows; of a long history, by one of an even draw of customers, so that the cost stays bounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from feedback.reporting.customer_rows import cells_of, placed, wholes_of
from feedback.reporting.draw import MOST, drawn_customers
from feedback.reporting.scope import Scope
from feedback.reporting.sources import earnings
from feedback.statistics.clustered import Clusters
from feedback.statistics.metrics import Metric
from feedback.statistics.respondents import Respondents, carried
from feedback.statistics.sums import Moments

NOBODY_TWICE = Respondents()


@dataclass(frozen=True, slots=True)
class Measured:
    """The customers behind what hurts, behind what delights, and at each place, by its key."""

    hurts: Respondents = NOBODY_TWICE
    delights: Respondents = NOBODY_TWICE
    places: Mapping[tuple[Metric, str], Clusters] = field(default_factory=dict)

    def at(self, place: str, metric: Metric, points: Moments) -> Clusters:
        """The customers of a place's answers, whose points these are."""
        return carried(self.places.get((metric, place), Clusters()), points)


def measured(
    session: Session, scope: Scope, responses: int, places: Iterable[Mapping[int, str]] = ()
) -> Measured:
    """The customers behind a scope that holds so many responses; empty if nobody came twice.

    Each of `places` says which place (a touchpoint, a stage) each touchpoint's id belongs to;
    places of different mappings have different keys.
    """
    if responses > MOST:
        scope = replace(scope, customers=drawn_customers(session, scope))
    earned = earnings(session, scope)
    wholes = wholes_of(session, earned)
    again = {metric: part for metric, part in wholes.items() if part.sizes > part.points.n}
    if not again:
        return Measured()
    hurts, delights = (
        Respondents(again, cells_of(session, one, earned, again))
        for one in (scope, scope.praising())
    )
    found: dict[tuple[Metric, str], Clusters] = {}
    for mapping in places:
        found |= placed(session, earned, mapping)
    return Measured(hurts, delights, found)
