"""Comments for the report's pages: all behind a pain point, and one at each end of the curve."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from feedback.pages.charts.curve_parts import Quote
from feedback.pages.redaction import masked
from feedback.pages.report_view import Said
from feedback.reporting.quoting import said_at
from feedback.reporting.report import Found
from feedback.reporting.scope import Scope
from feedback.reporting.segments import one_of_ids
from feedback.reporting.sources import comment_filter
from feedback.reporting.speakers import End
from models.customer import Customer
from models.reading import Comment, Mention

HANDY = (25, 130)


def complaints(
    session: Session, scope: Scope, touchpoint_id: int, theme: str
) -> Select[*tuple[Any, ...]]:
    """The comments of a scope that speak badly of a theme at a touchpoint."""
    speaks = select(Mention.comment_id).where(
        Mention.theme.in_(scope.themes.parts(theme)), Mention.sentiment == "negative"
    )
    return (
        select(
            Comment.id,
            Comment.text,
            Comment.occurred_at,
            Comment.sentiment_score,
            Comment.response_id,
            Customer.external_id.label("customer"),
        )
        .outerjoin(Customer, Customer.id == Comment.customer_id)
        .where(comment_filter(session, scope), Comment.touchpoint_id == touchpoint_id)
        .where(Comment.id.in_(speaks))
    )


def ends(session: Session, scope: Scope, found: Found) -> Said:
    """A short quote at the happiest and at the unhappiest stage."""
    quotes = {one.best: _typical(session, scope, found, one) for one in found.ends}
    return Said(best=quotes.get(True), worst=quotes.get(False))


def _typical(session: Session, scope: Scope, found: Found, end: End) -> Quote | None:
    keys = {point.touchpoint for point in found.overview.stages[end.place].touchpoints}
    unhandy = case((func.length(Comment.text).between(*HANDY), 0), else_=1)
    strongest = Comment.sentiment_score.desc() if end.best else Comment.sentiment_score.asc()
    statement = (
        select(Comment.text)
        .where(one_of_ids(session, Comment.id, said_at(session, scope, end, keys)))
        .where(Comment.sentiment == ("positive" if end.best else "negative"))
        .order_by(unhandy, strongest, Comment.id)
        .limit(1)
    )
    text = session.scalar(statement)
    return Quote(end.place, masked(text.strip())) if text else None
