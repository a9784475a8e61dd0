"""From rows to scores: points by touchpoint, by theme, and by two themes said at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from sqlalchemy import CTE, ColumnElement, Row, case, func, select
from sqlalchemy.orm import Session

from feedback.cells.items import COSTS, PAIRS, POINT, Item, Kind, asked_value
from feedback.cells.reach import Found
from feedback.reporting.scope import Scope
from feedback.reporting.sources import (
    BOTTOM_CLASSES,
    TOP_CLASSES,
    comment_filter,
    fixed,
    mean_points,
    mention_filter,
    on_scale,
    score_filter,
    theme_of,
)
from models.reading import Comment, Mention
from models.response import Score

_APART = " "
"""Between themes in one text; no theme's key holds it."""


def earned(session: Session, scope: Scope) -> Found:
    """Points, classes and values of scores, and the points of who speaks of each theme."""
    points, said = _points(session, scope), _said(session, scope)
    yield from _wholes(session, points)
    yield from _tallies(session, scope)
    yield from _themes(session, points, said)
    yield from _pairs(session, points, said)


def _points(session: Session, scope: Scope) -> CTE:
    """One number a response and metric: its points in thousandths."""
    query = select(
        Score.response_id, Score.touchpoint_id, Score.metric, mean_points().label("points")
    ).where(score_filter(session, scope))
    found = query.group_by(Score.response_id, Score.touchpoint_id, Score.metric).cte("earned")
    return found.prefix_with("MATERIALIZED", dialect="postgresql")


def _said(session: Session, scope: Scope) -> CTE:
    """Each response with each theme it speaks well or badly of, once."""
    theme = theme_of(scope).label("theme")
    return (
        select(Comment.response_id, Comment.touchpoint_id, theme, Mention.sentiment)
        .join(Mention, Mention.comment_id == Comment.id)
        .where(
            comment_filter(session, scope),
            mention_filter(scope),
            Mention.sentiment.in_(COSTS),
            Comment.response_id.is_not(None),
        )
        .distinct()
        .cte("said")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )


def _moments(value: ColumnElement[int]) -> tuple[ColumnElement[Any], ...]:
    return (
        func.count().label("n"),
        func.sum(value).label("total"),
        func.sum(value * value).label("squares"),
    )


def _numbers(row: Row[Any]) -> Iterator[tuple[int, int]]:
    yield from enumerate((int(row.n), int(row.total), int(row.squares)))


def _wholes(session: Session, points: CTE) -> Found:
    keys = (points.c.touchpoint_id, points.c.metric)
    query = select(*keys, *_moments(points.c.points)).group_by(*keys)
    for row in session.execute(query):
        for place, number in _numbers(row):
            item = Item(row.touchpoint_id, Kind.POINTS_N + place, row.metric)
            yield item, number


def _tallies(session: Session, scope: Scope) -> Found:
    value = fixed(on_scale(), POINT)
    query = select(
        Score.touchpoint_id,
        Score.metric,
        func.sum(case((Score.score_class.in_(TOP_CLASSES), 1), else_=0)).label("top"),
        func.sum(case((Score.score_class.in_(BOTTOM_CLASSES), 1), else_=0)).label("bottom"),
        *_moments(value),
    ).where(score_filter(session, scope))
    for row in session.execute(query.group_by(Score.touchpoint_id, Score.metric)):
        numbers = (int(row.top), int(row.bottom), *(number for _, number in _numbers(row)))
        for place, number in enumerate(numbers):
            yield Item(row.touchpoint_id, Kind.TOP + place, row.metric), number


def valued(session: Session, scope: Scope) -> Found:
    """How many scores of a metric have each value, on the scale they were asked on."""
    keys = (Score.touchpoint_id, Score.metric, Score.scale_low, Score.scale_high, Score.value)
    query = select(*keys, func.count().label("n")).where(score_filter(session, scope))
    for row in session.execute(query.group_by(*keys)):
        name = asked_value(row.scale_low, row.scale_high, row.value)
        yield Item(row.touchpoint_id, Kind.VALUE, row.metric, name), row.n


def _same(one: CTE, other: CTE) -> ColumnElement[bool]:
    """The same response, at the same touchpoint."""
    return (one.c.response_id == other.c.response_id) & (
        one.c.touchpoint_id == other.c.touchpoint_id
    )


def _themes(session: Session, points: CTE, said: CTE) -> Found:
    spoken = (said.c.touchpoint_id, said.c.theme, said.c.sentiment)
    keys = (*spoken, points.c.metric)
    query = select(*keys, *_moments(points.c.points)).join(points, _same(points, said))
    for row in session.execute(query.group_by(*keys)):
        for place, number in _numbers(row):
            kind = COSTS[row.sentiment] + place
            yield Item(row.touchpoint_id, kind, row.theme, row.metric), number


def _sets(said: CTE) -> CTE:
    """All that a response speaks of with one feeling, in one text, where it is more than one.

    Pairs from a join with itself would be a guess for PostgreSQL's planner: of equal response,
    touchpoint and sentiment it expects one row, and then joins what follows row by row.
    """
    whose = (said.c.response_id, said.c.touchpoint_id, said.c.sentiment)
    themes = func.aggregate_strings(said.c.theme, _APART).label("themes")
    query = select(*whose, themes).group_by(*whose).having(func.count() > 1)
    return query.cte("sets").prefix_with("MATERIALIZED", dialect="postgresql")


def _pairs(session: Session, points: CTE, said: CTE) -> Found:
    sets = _sets(said)
    keys = (sets.c.touchpoint_id, sets.c.sentiment, points.c.metric)
    query = select(*keys, sets.c.themes, func.count().label("n")).select_from(sets)
    query = query.join(points, _same(points, sets)).group_by(*keys, sets.c.themes)
    for row in session.execute(query):
        kind = PAIRS[row.sentiment, row.metric]
        for themes in combinations(sorted(row.themes.split(_APART)), 2):
            yield Item(row.touchpoint_id, kind, *themes), row.n
