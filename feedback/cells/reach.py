"""From rows to reach: who spoke, and of what, by the database's own grouping."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from feedback.cells.items import Item, Kind
from feedback.reporting.scope import Scope
from feedback.reporting.sources import (
    comment_filter,
    mention_filter,
    response_filter,
    spoken,
    theme_of,
)
from models.reading import Comment, Mention
from models.response import Response

Found = Iterator[tuple[Item, int]]


def reach(session: Session, scope: Scope) -> Found:
    """Responses, comments of none, and mentions."""
    yield from _responses(session, scope)
    yield from _lone_comments(session, scope)
    yield from _mentions(session, scope)


def _responses(session: Session, scope: Scope) -> Found:
    query = select(Response.touchpoint_id, func.count().label("n"))
    query = query.where(response_filter(session, scope), spoken())
    for row in session.execute(query.group_by(Response.touchpoint_id)):
        yield Item(row.touchpoint_id, Kind.RESPONSES), row.n


def _lone_comments(session: Session, scope: Scope) -> Found:
    query = select(Comment.touchpoint_id, func.count().label("n"))
    query = query.where(comment_filter(session, scope), Comment.response_id.is_(None))
    for row in session.execute(query.group_by(Comment.touchpoint_id)):
        yield Item(row.touchpoint_id, Kind.LONE), row.n


def _times(feeling: str) -> ColumnElement[int]:
    return func.sum(case((Mention.sentiment == feeling, 1), else_=0)).label(feeling)


def _voices(feeling: str) -> ColumnElement[int]:
    """Responses, and comments of none, that speak so of a theme, each once."""
    said = Mention.sentiment == feeling
    lone = case((said & Comment.response_id.is_(None), Comment.id))
    homed = func.count(case((said, Comment.response_id)).distinct())
    return (homed + func.count(lone.distinct())).label(f"{feeling}_voices")


def _mentions(session: Session, scope: Scope) -> Found:
    theme = theme_of(scope)
    query = (
        select(
            Comment.touchpoint_id,
            theme.label("theme"),
            func.count().label("mentions"),
            *(_times(feeling) for feeling in ("negative", "positive")),
            *(_voices(feeling) for feeling in ("negative", "positive")),
        )
        .select_from(Mention)
        .join(Comment, Comment.id == Mention.comment_id)
        .where(comment_filter(session, scope), mention_filter(scope))
    )
    query = query.group_by(Comment.touchpoint_id, theme)
    for row in session.execute(query):
        numbers = {
            Kind.MENTIONS: row.mentions,
            Kind.NEGATIVE: row.negative,
            Kind.POSITIVE: row.positive,
            Kind.VOICES: row.negative_voices,
            Kind.PRAISES: row.positive_voices,
        }
        for kind, number in numbers.items():
            yield Item(row.touchpoint_id, kind, row.theme), int(number)
