"""The groupings by customer behind the widened intervals: of everybody, of places, of cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import CTE, ColumnElement, Row, String, case, func, literal, select
from sqlalchemy.orm import Session

from feedback.reporting.scope import Scope
from feedback.reporting.sources import complaints
from feedback.statistics.clustered import Clusters, Shared
from feedback.statistics.metrics import Metric
from feedback.statistics.respondents import Parted
from feedback.statistics.sums import Cell, Moments
from models.response import Response


def _who() -> ColumnElement[int]:
    """A customer; a response of nobody known stands for one of its own."""
    return func.coalesce(Response.customer_id, -Response.id)


def by_customer(earned: CTE, place: ColumnElement[str] | None = None) -> CTE:
    """How many responses of each customer have points, their sum and their squares."""
    points = earned.c.points
    keys = [earned.c.metric] if place is None else [earned.c.metric, place.label("place")]
    return (
        select(
            *keys,
            _who().label("who"),
            func.count().label("m"),
            func.sum(points).label("s"),
            func.sum(points * points).label("q"),
        )
        .join(Response, Response.id == earned.c.response_id)
        .group_by(earned.c.metric, _who(), *([] if place is None else [place]))
        .cte("customers")
    )


def _summed(part: CTE) -> tuple[ColumnElement[Any], ...]:
    m, s = part.c.m, part.c.s
    return (
        func.count().label("customers"),
        func.sum(m).label("n"),
        func.sum(s).label("total"),
        func.sum(part.c.q).label("squares"),
        func.sum(m * m).label("sizes"),
        func.sum(s * s).label("totals"),
        func.sum(m * s).label("crossed"),
    )


def _clusters(row: Row[Any]) -> Clusters:
    points = Moments(int(row.n), float(row.total), float(row.squares))
    sums = float(row.sizes), float(row.totals), float(row.crossed)
    return Clusters(points, int(row.customers), *sums)


def wholes_of(session: Session, earned: CTE) -> dict[Metric, Clusters]:
    """The customers of each metric's scores."""
    everybody = by_customer(earned)
    query = select(everybody.c.metric, *_summed(everybody)).group_by(everybody.c.metric)
    return {Metric(row.metric): _clusters(row) for row in session.execute(query)}


def placed(
    session: Session, earned: CTE, places: Mapping[int, str]
) -> dict[tuple[Metric, str], Clusters]:
    """The same at each place that a touchpoint's id belongs to."""
    # written into the statement: bound twice, PostgreSQL would take them for two expressions
    as_ = {id_: literal(key, String, literal_execute=True) for id_, key in places.items()}
    if not as_:
        return {}
    place = case(as_, value=earned.c.touchpoint_id)
    part = by_customer(earned, place)
    query = select(part.c.metric, part.c.place, *_summed(part)).group_by(
        part.c.metric, part.c.place
    )
    return {(Metric(row.metric), row.place): _clusters(row) for row in session.execute(query)}


def _spoke(scope: Scope, session: Session, earned: CTE) -> CTE:
    """The same of each customer in each cell."""
    said, points = complaints(session, scope), earned.c.points
    keys = (said.c.touchpoint_id, said.c.theme, earned.c.metric)
    same = (earned.c.response_id == said.c.response_id) & (
        earned.c.touchpoint_id == said.c.touchpoint_id
    )
    return (
        select(
            *keys,
            _who().label("who"),
            func.count().label("m"),
            func.sum(points).label("s"),
            func.sum(points * points).label("q"),
        )
        .select_from(said)
        .join(earned, same)
        .join(Response, Response.id == earned.c.response_id)
        .group_by(*keys, _who())
        .cte("spoke")
    )


def cells_of(
    session: Session, scope: Scope, earned: CTE, wholes: Mapping[Metric, Clusters]
) -> dict[tuple[Metric, Cell], Parted]:
    """The same of each cell, of the rest, and what the two share, for the metrics given."""
    spoke, everybody = _spoke(scope, session, earned), by_customer(earned)
    keys = (spoke.c.touchpoint_id, spoke.c.theme, spoke.c.metric)
    query = (
        select(
            *keys,
            *_summed(spoke),
            func.sum(case((everybody.c.m > spoke.c.m, 1), else_=0)).label("both"),
            func.sum(spoke.c.m * everybody.c.m).label("m_m"),
            func.sum(spoke.c.s * everybody.c.s).label("s_s"),
            func.sum(spoke.c.m * everybody.c.s).label("m_s"),
            func.sum(spoke.c.s * everybody.c.m).label("s_m"),
        )
        .join(
            everybody,
            (everybody.c.who == spoke.c.who) & (everybody.c.metric == spoke.c.metric),
        )
        .group_by(*keys)
    )
    found = {}
    rows: Iterable[Row[Any]] = session.execute(query)
    for row in rows:
        metric, cell = Metric(row.metric), Cell(scope.touchpoints[row.touchpoint_id], row.theme)
        if metric in wholes:
            found[metric, cell] = _parted(row, wholes[metric])
    return found


def _parted(row: Row[Any], whole: Clusters) -> Parted:
    """The rest of a cell and what both share, from the customers' own sums less the cell's."""
    cell, both = _clusters(row), int(row.both)
    m_m, s_s, m_s, s_m = (float(part) for part in (row.m_m, row.s_s, row.m_s, row.s_m))
    rest = Clusters(
        whole.points - cell.points,
        whole.customers - cell.customers + both,
        whole.sizes - 2.0 * m_m + cell.sizes,
        whole.totals - 2.0 * s_s + cell.totals,
        whole.crossed - m_s - s_m + cell.crossed,
    )
    crossed = cell.crossed
    shared = Shared(both, m_m - cell.sizes, s_s - cell.totals, m_s - crossed, s_m - crossed)
    return Parted(cell, rest, shared)
