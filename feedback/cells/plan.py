"""What a report reads from cells, and what from rows: parts of days, and what just changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.cells.days import Calendar, Stretch, runs, stretches
from feedback.cells.definitions import base_name
from feedback.cells.stale import stale_days
from feedback.cells.watched import SAID, Watched
from feedback.reporting.period import Period, Piece
from feedback.reporting.scope import Scope
from models.statistics import StatisticState
from surveys.schedule import zone_of

MOST_GROUPS = 4
"""More ways in which touchpoints differ in their marked days: they are read as if all had those
of any."""


@dataclass(frozen=True, slots=True)
class Group:
    """Touchpoints that are read over the same stretches of days."""

    touchpoints: frozenset[int]
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What comes from cells of the `edition` of the definitions, and the pieces from rows."""

    edition: str
    groups: tuple[Group, ...]
    pieces: tuple[Piece, ...]


def edition_of(session: Session, workspace_id: int) -> str | None:
    """What the stored sums mean now."""
    query = select(StatisticState.base).where(StatisticState.workspace_id == workspace_id)
    return session.scalar(query)


def plan_of(session: Session, scope: Scope, watched: Watched = SAID) -> Plan | None:
    """How to read what is watched of a scope; None where all must come from its rows."""
    if scope.customers is not None or scope.pieces is not None or scope.timezone is None:
        return None
    edition = base_name(scope.timezone, scope.themes.merged)
    if edition_of(session, scope.workspace_id) != edition:
        return None
    calendar = Calendar(zone_of(scope.timezone))
    days = _days(session, scope, calendar, watched)
    if not days:
        return None
    stale = stale_days(session, scope, calendar, days, watched)
    if stale is None:
        return None
    groups = _groups(scope.touchpoints, stale)
    pieces = (*_ends(scope, calendar, days), *_marked(scope.period, calendar, groups))
    parts = tuple(
        Group(touchpoints, tuple(_around(days, marked))) for marked, touchpoints in groups.items()
    )
    return Plan(edition, parts, pieces)


def _days(session: Session, scope: Scope, calendar: Calendar, watched: Watched) -> range:
    """The days that count whole: those inside, and one at an end if the rest of it is empty."""
    days = calendar.whole_days(scope.period)
    if not days:
        return days
    first, stop = days.start, days.stop
    before = Period(calendar.start(first - 1), scope.period.start)
    after = Period(scope.period.end, calendar.start(stop + 1))
    if scope.period.start < calendar.start(first) and _is_empty(session, scope, before, watched):
        first -= 1
    if scope.period.end > calendar.start(stop) and _is_empty(session, scope, after, watched):
        stop += 1
    return range(first, stop)


def _is_empty(session: Session, scope: Scope, period: Period, watched: Watched) -> bool:
    """Whether nothing happened at any of the touchpoints."""
    for one in watched:
        found = select(one.table.id).where(
            *one.placed(scope.workspace_id),
            one.table.touchpoint_id.in_(scope.touchpoints),
            one.moment >= period.start,
            one.moment < period.end,
        )
        if session.scalar(found.limit(1)) is not None:
            return False
    return True


def _around(days: range, marked: Collection[int]) -> Iterator[Stretch]:
    """The stretches of days without those among them that are marked."""
    first = days.start
    for day in (*sorted(marked), days.stop):
        yield from stretches(first, day)
        first = day + 1


def _ends(scope: Scope, calendar: Calendar, days: range) -> Iterator[Piece]:
    """The parts of days at both ends of a period."""
    first, last = calendar.start(days.start), calendar.start(days.stop)
    for period in (Period(scope.period.start, first), Period(last, scope.period.end)):
        if period.start < period.end:
            yield Piece(tuple(scope.touchpoints), period)


def _marked(
    asked: Period, calendar: Calendar, groups: Mapping[frozenset[int], frozenset[int]]
) -> Iterator[Piece]:
    for marked, touchpoints in groups.items():
        for first, end in runs(marked):
            days = calendar.period(first, end - 1)
            period = Period(max(days.start, asked.start), min(days.end, asked.end))
            yield Piece(tuple(sorted(touchpoints)), period)


def _groups(
    touchpoints: Collection[int], stale: Mapping[int, set[int]]
) -> dict[frozenset[int], frozenset[int]]:
    """Touchpoints by the days they are marked on."""
    found: dict[frozenset[int], set[int]] = {}
    for touchpoint in touchpoints:
        found.setdefault(frozenset(stale.get(touchpoint, ())), set()).add(touchpoint)
    if len(found) > MOST_GROUPS:
        every = frozenset().union(*found)
        clean = found.get(frozenset(), set())
        found = {every: set(touchpoints) - clean, **({frozenset(): clean} if clean else {})}
    return {marked: frozenset(group) for marked, group in found.items()}
