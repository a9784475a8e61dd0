"""The rows of a scope as SQL: responses, their points, comments, and what was complained of.

Comments and scores carry the touchpoint and the time of their response, so that counting them
needs no join; only a filter on the survey, the channel or the language looks at the responses
themselves.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    String,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from feedback.reporting.period import Piece
from feedback.reporting.scope import Scope
from feedback.reporting.segments import belongs, one_of_ids
from feedback.statistics.metrics import POINTS, VALUES, Metric
from models.reading import Comment, Mention
from models.response import Answer, Response, Score

TOP_CLASSES = ("promoter", "satisfied", "easy")
BOTTOM_CLASSES = ("detractor",)
THOUSANDTHS = 1000
_LIFT = 10**9

Timed = type[Response] | type[Score] | type[Comment]


def _placed(scope: Scope, table: Timed) -> list[ColumnElement[bool]]:
    mine = table.workspace_id == scope.workspace_id
    return [mine, placed(scope, table.touchpoint_id, table.occurred_at)]


def placed(
    scope: Scope,
    touchpoint: InstrumentedAttribute[int | None],
    moment: InstrumentedAttribute[datetime],
) -> ColumnElement[bool]:
    """What is at a scope's touchpoints in its period, or in its pieces."""
    pieces = scope.pieces
    if pieces is None:
        pieces = (Piece(tuple(scope.touchpoints), scope.period),)
    places = (
        and_(touchpoint.in_(one.touchpoints), moment >= one.period.start, moment < one.period.end)
        for one in pieces
    )
    return or_(false(), *places)


def _asked(scope: Scope, table: type[Response] = Response) -> list[ColumnElement[bool]]:
    clauses = []
    if scope.survey_id is not None:
        clauses.append(table.survey_id == scope.survey_id)
    if scope.channel is not None:
        clauses.append(table.channel == scope.channel)
    if scope.language is not None:
        clauses.append(table.language == scope.language)
    return clauses


def response_filter(session: Session, scope: Scope) -> ColumnElement[bool]:
    """The responses that count."""
    clauses = [*_placed(scope, Response), *_asked(scope)]
    return and_(*clauses, *of_customers(session, scope, Response.customer_id))


def of_customers(
    session: Session, scope: Scope, column: InstrumentedAttribute[int | None]
) -> list[ColumnElement[bool]]:
    """What a scope asks of a customer's id: to be one of those named, or in the segment."""
    clauses = []
    if scope.customers is not None:
        clauses.append(one_of_ids(session, column, scope.customers))
    if scope.members is not None:
        clauses.append(belongs(session, column, scope.members))
    return clauses


def spoken() -> ColumnElement[bool]:
    """A response in which something was said; a page merely opened is none."""
    answered = exists().where(Answer.response_id == Response.id)
    return or_(answered, exists().where(Comment.response_id == Response.id))


def score_filter(session: Session, scope: Scope) -> ColumnElement[bool]:
    """The scores that count."""
    # all there are: named, so that an index which has them before the touchpoint can be used
    clauses = [Score.metric.in_([metric.value for metric in Metric]), *_placed(scope, Score)]
    if scope.narrowed:
        clauses.append(_answered(session, scope, Score.response_id))
    return and_(*clauses)


def _answered(
    session: Session, scope: Scope, response: InstrumentedAttribute[Any]
) -> ColumnElement[bool]:
    """Whether a row's response passes the filters: looked up one by one, by its id.

    A list of all responses that do would be made anew for each part of a query on SQLite.
    """
    other = aliased(Response)
    mine = of_customers(session, scope, other.customer_id)
    return exists().where(other.id == response, *_asked(scope, other), *mine)


def comment_filter(
    session: Session, scope: Scope, of: type[Comment] = Comment
) -> ColumnElement[bool]:
    """The comments that count; those of no response are left out by a survey or a channel.

    `of`: comments under another name, where a statement has one for them.
    """
    return and_(*_placed(scope, of), *comment_clauses(session, scope, of))


def comment_clauses(
    session: Session, scope: Scope, of: type[Comment] = Comment
) -> list[ColumnElement[bool]]:
    """What a scope's filters alone ask of comments, wherever and whenever they were."""
    mine = of_customers(session, scope, of.customer_id)
    if not _asked(scope):
        return mine
    answered = _answered(session, scope, of.response_id)
    if scope.survey_id is not None or scope.channel is not None:
        return [answered]
    alone = and_(of.response_id.is_(None), of.language == scope.language, *mine)
    return [or_(answered, alone)]


def theme_of(scope: Scope) -> ColumnElement[str]:
    """The theme that a mention counts as."""
    merged = scope.themes.merged
    if not merged:
        return Mention.theme.expression
    # written into the statement: bound twice, PostgreSQL would take them for two expressions
    as_ = {key: literal(shown, String, literal_execute=True) for key, shown in merged.items()}
    whens = [
        (Mention.theme == literal(key, String, literal_execute=True), shown)
        for key, shown in as_.items()
    ]
    return case(*whens, else_=Mention.theme)


def mention_filter(scope: Scope) -> ColumnElement[bool]:
    """The mentions that count: those of hidden themes do not."""
    return Mention.theme.not_in(scope.themes.hidden)


def _points() -> ColumnElement[float]:
    worth: dict[str, float] = {
        "detractor": POINTS[Metric.NPS][0],
        "passive": 0.0,
        "promoter": POINTS[Metric.NPS][1],
        "unsatisfied": POINTS[Metric.CSAT][0],
        "satisfied": POINTS[Metric.CSAT][1],
    }
    return cast(case(worth, value=Score.score_class, else_=on_scale()), Double)


def on_scale() -> ColumnElement[float]:
    """A score's value moved from the scale it was asked on to its metric's own."""
    share: ColumnElement[Any] = Score.value - Score.scale_low
    share = share / (Score.scale_high - Score.scale_low)
    moved = {metric.value: low + (high - low) * share for metric, (low, high) in VALUES.items()}
    return cast(case(moved, value=Score.metric, else_=Score.value), Double)


def fixed(value: ColumnElement[Any] | InstrumentedAttribute[Any], parts: int) -> ColumnElement[int]:
    """A number in whole parts of one, so that sums are exact however they are added."""
    return cast(func.round(value * parts), BigInteger)


def score_points() -> ColumnElement[int]:
    """The points of one score, in thousandths."""
    return fixed(_points(), THOUSANDTHS)


def mean_points() -> ColumnElement[int]:
    """The mean points of a group of scores, in thousandths; halves are rounded up."""
    n, total = func.count(), cast(func.sum(score_points()), BigInteger)
    # lifted above zero, where all databases divide alike
    return (2 * (total + _LIFT * n) + n) // (2 * n) - _LIFT
