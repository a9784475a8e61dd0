"""All sums that one report is written from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from feedback.goals.check import Goal
from feedback.goals.rows import goals_of
from feedback.panel.read import Panel, panel_of
from feedback.reporting import out
from feedback.reporting.cells import CommentStates, felt_sums, whole_sums
from feedback.reporting.customers import Measured, measured_on
from feedback.reporting.figures import ChangeOut
from feedback.reporting.period import Period
from feedback.reporting.scope import Scope
from feedback.statistics.metrics import Metric
from feedback.statistics.scores import Estimate
from feedback.statistics.sums import JourneySums
from models.journey import Journey


@dataclass(frozen=True, slots=True)
class Halves:
    """The two periods that a trend compares; `split`: they are halves of the report's own."""

    earlier: Period
    later: Period
    split: bool

    @classmethod
    def of(cls, period: Period, split: bool) -> Halves:
        """A whole history's own halves, else the period and that of equal length before."""
        if split:
            return cls(*period.halves(), split=True)
        return cls(period.before(), period, split=False)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The sums of a report's period and of its two halves, the customers, and the goals.

    `praise` holds the same three with praise where complaints are counted; `states` count comments
    by how far they are read; `panel` is what the customers were measured on.
    """

    sums: JourneySums
    earlier: JourneySums
    later: JourneySums
    praise: tuple[JourneySums, JourneySums, JourneySums]
    halves: Halves
    customers: Measured
    goals: Mapping[Metric, Goal]
    states: CommentStates
    panel: Panel

    @property
    def scores(self) -> list[Estimate]:
        """The journey's scores."""
        return self._scores(self.sums)

    @property
    def changes(self) -> list[ChangeOut]:
        """The scores of the later half, or period, against those of the earlier."""
        metrics = [one.metric for one in self.scores]
        return out.changes(metrics, self._scores(self.earlier), self._scores(self.later))

    @property
    def means(self) -> dict[Metric, float]:
        """Each metric as it stands."""
        return {metric: self.sums.points(metric).mean for metric in self.sums.metrics}

    def _scores(self, sums: JourneySums) -> list[Estimate]:
        return out.estimates(sums.touchpoints.values(), self.customers.hurts.whole)


def gather(session: Session, journey: Journey, scope: Scope, halves: Halves) -> Gathered:
    """Read everything that a report on this scope needs as sums."""
    return _gather(session, journey, scope, halves, _places(journey))


def gather_scores(session: Session, journey: Journey, scope: Scope, halves: Halves) -> Gathered:
    """The same without what only the places of the journey need."""
    return _gather(session, journey, scope, halves, ())


def _gather(
    session: Session,
    journey: Journey,
    scope: Scope,
    halves: Halves,
    places: Iterable[Mapping[int, str]],
) -> Gathered:
    sums, praise, states = whole_sums(session, scope)
    early = felt_sums(session, scope.within(halves.earlier), "scores")
    late = sums, praise
    if halves.split:
        late = felt_sums(session, scope.within(halves.later), "scores")
    responses = sum(part.responses for part in sums.touchpoints.values())
    panel = panel_of(session, scope, responses)
    return Gathered(
        sums=sums,
        earlier=early[0],
        later=late[0],
        praise=(praise, early[1], late[1]),
        halves=halves,
        customers=measured_on(session, scope, panel, responses, places),
        goals=goals_of(session, journey),
        states=states,
        panel=panel,
    )


def place_of(stage: str) -> str:
    """A stage's key among the places; a touchpoint goes by its own, which holds no colon."""
    return f"stage:{stage}"


def _places(journey: Journey) -> tuple[Mapping[int, str], Mapping[int, str]]:
    touchpoints = [(stage, point) for stage in journey.stages for point in stage.touchpoints]
    return (
        {point.id: point.key for _, point in touchpoints},
        {point.id: place_of(stage.key) for stage, point in touchpoints},
    )
