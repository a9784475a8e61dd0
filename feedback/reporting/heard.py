"""The GROUP BYs over what was said: responses, comments, their feeling, and mentions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import Session

from feedback.reporting.scope import Scope
from feedback.reporting.scores import moments
from feedback.reporting.sources import (
    comment_filter,
    mention_filter,
    response_filter,
    spoken,
    theme_of,
)
from feedback.statistics.sums import Cell, CellSums, Moments
from models.reading import Comment, Mention
from models.response import Response


def responses(session: Session, scope: Scope) -> Mapping[str, int]:
    """How many responses each touchpoint has."""
    query = (
        select(Response.touchpoint_id, func.count().label("n"))
        .where(response_filter(session, scope), spoken())
        .group_by(Response.touchpoint_id)
    )
    return {scope.touchpoints[row.touchpoint_id]: row.n for row in session.execute(query)}


def lone_comments(session: Session, scope: Scope) -> Mapping[str, int]:
    """How many comments that belong to no response each touchpoint has."""
    query = (
        select(Comment.touchpoint_id, func.count().label("n"))
        .where(comment_filter(session, scope), Comment.response_id.is_(None))
        .group_by(Comment.touchpoint_id)
    )
    return {scope.touchpoints[row.touchpoint_id]: row.n for row in session.execute(query)}


def comment_states(session: Session, scope: Scope) -> Mapping[str, int]:
    """How many comments wait to be read, are read, and could not be read."""
    query = (
        select(Comment.read_state, func.count().label("n"))
        .where(comment_filter(session, scope))
        .group_by(Comment.read_state)
    )
    return {row.read_state: row.n for row in session.execute(query)}


def sentiments(session: Session, scope: Scope) -> Mapping[str, Moments]:
    """The sentiment of the read comments, by touchpoint."""
    query = (
        select(
            Comment.touchpoint_id,
            func.count().label("n"),
            func.sum(Comment.sentiment_score).label("total"),
            func.sum(Comment.sentiment_score * Comment.sentiment_score).label("squares"),
        )
        .where(comment_filter(session, scope), Comment.read_state == "read")
        .group_by(Comment.touchpoint_id)
    )
    rows: Iterable[Row[Any]] = session.execute(query)
    return {scope.touchpoints[row.touchpoint_id]: moments(row) for row in rows}


def emotions(session: Session, scope: Scope) -> Mapping[str, dict[str, int]]:
    """How many read comments of a touchpoint show each emotion (a reading keeps the clear ones)."""
    postgres = session.get_bind().dialect.name == "postgresql"
    unfold = func.jsonb_each if postgres else func.json_each
    shown = unfold(Comment.emotions).table_valued("key", "value", joins_implicitly=True)
    query = (
        select(Comment.touchpoint_id, shown.c.key, func.count().label("n"))
        .where(comment_filter(session, scope), Comment.read_state == "read")
        .group_by(Comment.touchpoint_id, shown.c.key)
    )
    found: dict[str, dict[str, int]] = {}
    for row in session.execute(query):
        found.setdefault(scope.touchpoints[row.touchpoint_id], {})[row.key] = row.n
    return found


def mentions(session: Session, scope: Scope) -> Mapping[Cell, CellSums]:
    """What was said of each theme at each touchpoint, without points."""
    negative, theme = Mention.sentiment == "negative", theme_of(scope)
    lone = case((negative & Comment.response_id.is_(None), Comment.id))
    query = (
        select(
            Comment.touchpoint_id,
            theme.label("theme"),
            func.count().label("mentions"),
            func.sum(case((negative, 1), else_=0)).label("negative"),
            func.count(case((negative, Comment.response_id)).distinct()).label("voices"),
            func.count(lone.distinct()).label("lone"),
        )
        .select_from(Mention)
        .join(Comment, Comment.id == Mention.comment_id)
        .where(comment_filter(session, scope), mention_filter(scope))
        .group_by(Comment.touchpoint_id, theme)
    )
    return {
        Cell(scope.touchpoints[row.touchpoint_id], row.theme): CellSums(
            row.mentions, int(row.negative), row.voices + row.lone
        )
        for row in session.execute(query)
    }
