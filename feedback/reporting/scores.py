"""The GROUP BYs over scores: by touchpoint, by cell, and by two themes said at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CTE, ColumnElement, Row, case, func, select
from sqlalchemy.orm import Session

from feedback.reporting.scope import Scope
from feedback.reporting.sources import (
    BOTTOM_CLASSES,
    TOP_CLASSES,
    complaints,
    earnings,
    on_scale,
    score_filter,
)
from feedback.statistics.metrics import Metric
from feedback.statistics.sums import Cell, Moments, Pair, Tally
from models.response import Score


def moments(row: Row[Any]) -> Moments:
    """A row's n, total and squares."""
    return Moments(int(row.n), float(row.total), float(row.squares))


def points(session: Session, scope: Scope) -> Mapping[str, dict[Metric, Moments]]:
    """The points of its responses, by touchpoint and metric."""
    earned = earnings(session, scope)
    query = select(
        earned.c.touchpoint_id,
        earned.c.metric,
        func.count().label("n"),
        func.sum(earned.c.points).label("total"),
        func.sum(earned.c.points * earned.c.points).label("squares"),
    ).group_by(earned.c.touchpoint_id, earned.c.metric)
    found: dict[str, dict[Metric, Moments]] = {}
    for row in session.execute(query):
        found.setdefault(scope.touchpoints[row.touchpoint_id], {})[Metric(row.metric)] = moments(
            row
        )
    return found


def tallies(session: Session, scope: Scope) -> Mapping[str, dict[Metric, Tally]]:
    """The scores by class, and their values, by touchpoint and metric."""
    value = on_scale()
    query = (
        select(
            Score.touchpoint_id,
            Score.metric,
            func.sum(case((Score.score_class.in_(TOP_CLASSES), 1), else_=0)).label("top"),
            func.sum(case((Score.score_class.in_(BOTTOM_CLASSES), 1), else_=0)).label("bottom"),
            func.count().label("n"),
            func.sum(value).label("total"),
            func.sum(value * value).label("squares"),
        )
        .where(score_filter(session, scope))
        .group_by(Score.touchpoint_id, Score.metric)
    )
    found: dict[str, dict[Metric, Tally]] = {}
    for row in session.execute(query):
        tally = Tally(int(row.top), int(row.bottom), moments(row))
        found.setdefault(scope.touchpoints[row.touchpoint_id], {})[Metric(row.metric)] = tally
    return found


def _same(one: CTE, other: CTE) -> ColumnElement[bool]:
    """The same response, at the same touchpoint."""
    return (one.c.response_id == other.c.response_id) & (
        one.c.touchpoint_id == other.c.touchpoint_id
    )


def cell_points(session: Session, scope: Scope) -> Mapping[Cell, dict[Metric, Moments]]:
    """The points of the responses that complain of each cell."""
    said, earned = complaints(session, scope), earnings(session, scope)
    query = (
        select(
            said.c.touchpoint_id,
            said.c.theme,
            earned.c.metric,
            func.count().label("n"),
            func.sum(earned.c.points).label("total"),
            func.sum(earned.c.points * earned.c.points).label("squares"),
        )
        .join(earned, _same(earned, said))
        .group_by(said.c.touchpoint_id, said.c.theme, earned.c.metric)
    )
    found: dict[Cell, dict[Metric, Moments]] = {}
    for row in session.execute(query):
        cell = Cell(scope.touchpoints[row.touchpoint_id], row.theme)
        found.setdefault(cell, {})[Metric(row.metric)] = moments(row)
    return found


def pairs(session: Session, scope: Scope) -> Mapping[Pair, int]:
    """How many scored responses complain of two themes at once."""
    said, earned = complaints(session, scope), earnings(session, scope)
    other = said.alias("other")
    query = (
        select(
            said.c.touchpoint_id,
            earned.c.metric,
            said.c.theme.label("first"),
            other.c.theme.label("second"),
            func.count().label("n"),
        )
        .select_from(said)
        .join(other, _same(other, said) & (other.c.theme > said.c.theme))
        .join(earned, _same(earned, said))
        .group_by(said.c.touchpoint_id, earned.c.metric, said.c.theme, other.c.theme)
    )
    found: dict[Pair, int] = {}
    for row in session.execute(query):
        # the database may order words otherwise than Python does
        first, second = sorted((row.first, row.second))
        key = Pair(scope.touchpoints[row.touchpoint_id], Metric(row.metric), first, second)
        found[key] = row.n
    return found
