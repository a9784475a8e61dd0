"""A journey's scores: value, distribution, course, change, goal, and who kept silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from feedback.goals.out import goals_out
from feedback.reporting import out
from feedback.reporting.asked import response_rate
from feedback.reporting.cells import journey_sums
from feedback.reporting.course import counted, course
from feedback.reporting.figures import PeriodOut
from feedback.reporting.gathered import Gathered, Halves, gather_scores
from feedback.reporting.period import Ends, Period
from feedback.reporting.scope import Filters, find_journey, find_scope
from feedback.reporting.series_schema import ClassOut, MetricOut, ScoresReport
from feedback.reporting.steps import pieces, step_of
from feedback.reporting.values import value_counts
from feedback.statistics import scores as estimate
from feedback.statistics.clustered import design_effect, stretch
from feedback.statistics.metrics import POINTS, Metric
from feedback.statistics.sums import JourneySums, Tally

CLASSES: Mapping[Metric, tuple[str, ...]] = {
    Metric.NPS: ("promoter", "passive", "detractor"),
    Metric.CSAT: ("satisfied", "unsatisfied"),
    Metric.CES: ("easy", "not_easy"),
}


@dataclass(frozen=True, slots=True)
class _Read:
    """What the scores are written from."""

    known: Gathered
    cut: Sequence[Period]
    sums: Sequence[JourneySums]
    values: Mapping[Metric, Mapping[float, int]]


def score_report(
    session: Session,
    workspace_id: int,
    now: datetime,
    zone: tzinfo,
    journey: str | None = None,
    period: Ends = (None, None),
    filters: Filters = Filters(),  # noqa: B008 - frozen
) -> ScoresReport:
    """The scores of a journey (by key or id; the only one, when None) of one workspace.

    Their change is that of the pain-point report: against the period of equal length before,
    or of a whole history's later half against the earlier. Days are the zone's.
    """
    found = find_journey(session, workspace_id, journey)
    scope = find_scope(session, found, period, filters, now)
    halves = Halves.of(scope.period, period[0] is None)
    known, cut = gather_scores(session, found, scope, halves), pieces(scope.period, zone)
    n = sum(part.responses for part in known.sums.touchpoints.values())
    sums = [journey_sums(session, scope.within(piece)) for piece in cut]
    read = _Read(known, cut, sums, value_counts(session, scope))
    return ScoresReport(
        journey=found.key,
        name=found.name,
        start=scope.period.start,
        end=scope.period.end,
        trend_previous=PeriodOut(start=halves.earlier.start, end=halves.earlier.end),
        trend_current=PeriodOut(start=halves.later.start, end=halves.later.end),
        step=step_of(scope.period),
        n_responses=n,
        rate=response_rate(session, scope, period, now),
        metrics=[_metric(metric, read) for metric in known.sums.metrics],
    )


def tally(sums: JourneySums, metric: Metric) -> Tally:
    """A metric's scores over all touchpoints."""
    parts = (part.tallies.get(metric, Tally()) for part in sums.touchpoints.values())
    return sum(parts, Tally())


def classes(metric: Metric, found: Tally) -> list[ClassOut]:
    """How many scores fall in each class, the best first."""
    n = found.answers.n
    counts = [found.top, n - found.top - found.bottom, found.bottom]
    if metric is not Metric.NPS:
        counts = [found.top, n - found.top]
    return [counted(name, count, n) for name, count in zip(CLASSES[metric], counts, strict=True)]


def _metric(metric: Metric, read: _Read) -> MetricOut:
    known = read.known
    mine = [one for one in known.scores if one.metric.split("_")[0] == metric.value]
    scores = [out.score(one) for one in mine]
    whole = known.customers.hurts.whole(metric, known.sums.points(metric))
    own = [estimate.estimates(metric, tally(sums, metric))[0] for sums in read.sums]
    points = [sums.points(metric) for sums in read.sums]
    goals = {one.metric: one for one in goals_out(known.goals, scores)}
    values, n = read.values.get(metric, {}), tally(known.sums, metric).answers.n
    return MetricOut(
        metric=metric.value,
        scores=scores,
        change=next(one for one in known.changes if one.metric == metric.value),
        classes=classes(metric, tally(known.sums, metric)),
        values=[counted(f"{value:g}", count, n) for value, count in sorted(values.items())],
        design_effect=max(1.0, design_effect(whole)),
        goal=goals.get(metric.value),
        points=course(read.cut, own, points, POINTS[metric], stretch(whole)),
    )
