"""What is asked of the tables for some days: a row each response, score, comment and mention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal_column, select
from sqlalchemy.orm import Session

from feedback.cells.columns import Numbers, Places, columns
from feedback.cells.items import MOOD, POINT
from feedback.cells.lexicon import WORDS
from feedback.reporting.scope import Scope
from feedback.reporting.segments import memberships, one_of_ids
from feedback.reporting.sources import (
    comment_filter,
    fixed,
    on_scale,
    response_filter,
    score_filter,
    score_points,
    spoken,
    theme_of,
)
from models.reading import Comment, Mention
from models.response import Response, Score

Starts = Sequence[tuple[int, datetime]]
"""Days with their first moments, in order; what happened is on the last that had begun."""

APART = " "
"""Between emotions in one text; no emotion's name holds it."""

_SLICE = (Response.id, Response.channel, Response.survey_id)


@dataclass(frozen=True, slots=True)
class Names:
    """All names by the places they stand for in columns; words that are looked for are there."""

    words: Places[str] = field(default_factory=lambda: Places(*WORDS))
    channels: Places[str] = field(default_factory=lambda: Places(""))
    languages: Places[str] = field(default_factory=lambda: Places(""))
    surveys: Places[int] = field(default_factory=lambda: Places(0))
    moods: Places[str] = field(default_factory=lambda: Places(""))
    amounts: Places[float] = field(default_factory=Places)


def responses(session: Session, scope: Scope, starts: Starts, names: Names) -> list[Numbers]:
    """Of responses that count: id, channel, survey, language, customer, touchpoint, day."""
    query = select(
        *_SLICE,
        *_whose(),
        Response.touchpoint_id,
        day_of(Response.occurred_at, starts),
    ).where(response_filter(session, scope), spoken())
    named = (None, names.channels, names.surveys, names.languages, None, None, None)
    return columns(session, query, *named)


def responses_by_id(session: Session, ids: Sequence[int], names: Names) -> list[Numbers]:
    """Of these responses: id, channel, survey, language, customer."""
    query = select(*_SLICE, *_whose()).where(one_of_ids(session, Response.id, ids))
    return columns(session, query, None, names.channels, names.surveys, names.languages, None)


def _whose() -> tuple[ColumnElement[Any], ...]:
    return func.coalesce(Response.language, ""), func.coalesce(Response.customer_id, 0)


def day_of(moment: Any, starts: Starts) -> ColumnElement[int]:
    """The day of a moment, found as in a tree."""
    if len(starts) == 1:
        return literal_column(str(starts[0][0]))
    middle = len(starts) // 2
    later, sooner = day_of(moment, starts[middle:]), day_of(moment, starts[:middle])
    return case((moment >= starts[middle][1], later), else_=sooner)


def scores(session: Session, scope: Scope, starts: Starts, names: Names) -> list[Numbers]:
    """Of scores: response, touchpoint, day, metric, class, points and value in thousandths, and
    as asked: the scale's ends and the value."""
    query = select(
        Score.response_id,
        Score.touchpoint_id,
        day_of(Score.occurred_at, starts),
        Score.metric,
        Score.score_class,
        score_points(),
        fixed(on_scale(), POINT),
        *(Score.scale_low, Score.scale_high, Score.value),
    ).where(score_filter(session, scope))
    named = (None, None, None, names.words, names.words, None, None, *[names.amounts] * 3)
    return columns(session, query, *named)


def comments(session: Session, scope: Scope, starts: Starts, names: Names) -> list[Numbers]:
    """Of comments: id, response (0: none), customer, language where there is no response,
    touchpoint, day, read state, sentiment in ten-thousandths, emotions."""
    alone = case((Comment.response_id.is_(None), func.coalesce(Comment.language, "")), else_="")
    query = select(
        Comment.id,
        func.coalesce(Comment.response_id, 0),
        func.coalesce(Comment.customer_id, 0),
        alone,
        Comment.touchpoint_id,
        day_of(Comment.occurred_at, starts),
        Comment.read_state,
        func.coalesce(fixed(Comment.sentiment_score, MOOD), 0),
        _felt(session),
    ).where(comment_filter(session, scope))
    named = (None, None, None, names.languages, None, None, names.words, None, names.moods)
    return columns(session, query, *named)


def _felt(session: Session) -> ColumnElement[str]:
    """The emotions of a comment in one text."""
    postgres = session.get_bind().dialect.name == "postgresql"
    unfold = func.jsonb_each if postgres else func.json_each
    felt = unfold(Comment.emotions).table_valued("key", "value")
    each = select(func.aggregate_strings(felt.c.key, APART)).select_from(felt)
    return func.coalesce(each.correlate(Comment).scalar_subquery(), "")


def mentions(session: Session, scope: Scope, names: Names) -> list[Numbers]:
    """Of mentions: comment, the theme they count as (hidden ones too), sentiment."""
    query: Select[*tuple[Any, ...]] = (
        select(Mention.comment_id, theme_of(scope), Mention.sentiment)
        .join(Comment, Comment.id == Mention.comment_id)
        .where(comment_filter(session, scope))
    )
    return columns(session, query, None, names.words, names.words)


def segments_of(session: Session, customers: Sequence[int]) -> list[Numbers]:
    """Which of these customers belongs to which segment."""
    return columns(session, memberships(session, customers), None, None)
