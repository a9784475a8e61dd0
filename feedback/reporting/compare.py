"""Two sides of a journey next to each other: periods, segments, channels, surveys or languages."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime, time, timedelta, tzinfo

from sqlalchemy.orm import Session

from feedback.reporting import out
from feedback.reporting.cells import journey_sums
from feedback.reporting.compare_gaps import Said, gaps
from feedback.reporting.compare_schema import Comparison, SideOut
from feedback.reporting.customers import measured
from feedback.reporting.period import Ends, Period
from feedback.reporting.scope import Filters, Scope, find_journey, find_scope
from feedback.reporting.segments import member_ids
from models.journey import Journey
from models.workspace import Workspace
from surveys.schedule import zone_of

NOTHING: Ends = (None, None)
ALL = "*"
"""Asked of the other side, a filter of this side is left out; nothing asked, it is kept."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one side of a comparison was asked for."""

    period: Ends
    filters: Filters


def comparison(
    session: Session, workspace_id: int, now: datetime, journey: str | None, this: Side, other: Side
) -> Comparison:
    """This side of a journey against the other.

    The other has this side's filters, save those that are asked of it (`ALL`: none). Without
    dates it has this side's where a filter differs, else the period of equal length before;
    where this side has no dates either, the later half of the history meets the earlier.
    """
    found = find_journey(session, workspace_id, journey)
    mine, theirs = _sides(session, found, this, other, now)
    a, b = (_said(session, scope) for scope, _ in (mine, theirs))
    scores, themes = gaps(a, b, mine[0].themes)
    return Comparison(
        journey=found.key,
        name=found.name,
        this=_side(a, *mine),
        other=_side(b, *theirs),
        same=mine[0] == theirs[0],
        overlap=_overlap(session, mine[0], theirs[0]),
        scores=scores,
        themes=themes,
    )


def _sides(
    session: Session, journey: Journey, this: Side, other: Side, now: datetime
) -> tuple[tuple[Scope, Filters], tuple[Scope, Filters]]:
    scope = find_scope(session, journey, this.period, this.filters, now)
    filters = _opposite(this.filters, other.filters)
    if other.period != NOTHING or filters != this.filters:
        ends = (scope.period.start, scope.period.end)
        wanted = ends if other.period == NOTHING else other.period
        opposite = find_scope(session, journey, wanted, filters, now)
    elif this.period[0] is None:
        zone = zone_of(session.get_one(Workspace, journey.workspace_id).timezone)
        earlier, later = halves(scope.period, zone)
        scope, opposite = scope.within(later), scope.within(earlier)
    else:
        opposite = scope.within(scope.period.before())
    return (scope, this.filters), (opposite, filters)


def halves(period: Period, zone: tzinfo) -> tuple[Period, Period]:
    """The earlier and the later half, parted at the midnight next to the middle where one can.

    So no day stands on both sides, and each is asked for by its days in the address bar.
    """
    earlier, later = period.halves()
    day = (later.start + timedelta(hours=12)).astimezone(zone).date()
    midnight = datetime.combine(day, time(), zone).astimezone(UTC)
    if not period.start < midnight < period.end:
        return earlier, later
    return Period(period.start, midnight), Period(midnight, period.end)


def _opposite(mine: Filters, asked: Filters) -> Filters:
    """The other side's filters: its own, or else this side's."""
    names = [one.name for one in fields(Filters)]
    chosen = {name: getattr(asked, name) or getattr(mine, name) for name in names}
    return Filters(**{name: None if one == ALL else one for name, one in chosen.items()})


def _said(session: Session, scope: Scope) -> Said:
    sums = journey_sums(session, scope)
    parts = sums.touchpoints.values()
    customers = measured(session, scope, sum(part.responses for part in parts)).hurts
    return Said(sums, out.estimates(parts, customers.whole))


def _side(said: Said, scope: Scope, filters: Filters) -> SideOut:
    parts = said.sums.touchpoints.values()
    return SideOut(
        start=scope.period.start,
        end=scope.period.end,
        segment=filters.segment,
        channel=filters.channel,
        survey=filters.survey,
        language=filters.language,
        n_responses=sum(part.responses for part in parts),
        n_lone_comments=sum(part.voices - part.responses for part in parts),
        scores=[out.score(one) for one in said.scores],
    )


def _overlap(session: Session, a: Scope, b: Scope) -> bool:
    """Whether an answer may be on both sides."""
    apart = a.period.end <= b.period.start or b.period.end <= a.period.start
    pairs = (a.channel, b.channel), (a.survey_id, b.survey_id), (a.language, b.language)
    for mine, theirs in pairs:
        apart = apart or (mine is not None and theirs is not None and mine != theirs)
    one, other = _customers(session, a), _customers(session, b)
    if one is not None and other is not None:
        apart = apart or not one & other
    return not apart


def _customers(session: Session, scope: Scope) -> set[int] | None:
    """The customers that a scope asks for; None: all."""
    if scope.members is not None:
        return set(member_ids(session, scope.members))
    return None if scope.customers is None else set(scope.customers)
