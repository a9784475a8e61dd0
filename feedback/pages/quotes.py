"""Comments for the report's pages: all behind a pain point, and one at each end of the curve."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from feedback.pages.charts.curve_parts import Quote
from feedback.pages.redaction import masked
from feedback.pages.report_view import Said
from feedback.reporting.latest import latest
from feedback.reporting.schema import Overview
from feedback.reporting.scope import Scope
from feedback.reporting.segments import one_of_ids
from feedback.reporting.sources import comment_filter
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


def ends(session: Session, scope: Scope, report: Overview) -> Said:
    """A short quote at the happiest and at the unhappiest stage, of what was said lately."""
    felt = [
        (one.sentiment.mean, place)
        for place, one in enumerate(report.stages)
        if one.sentiment.mean is not None
    ]
    if len(felt) < 2:
        return Said()
    return Said(
        best=_typical(session, scope, report, max(felt)[1], best=True),
        worst=_typical(session, scope, report, min(felt)[1], best=False),
    )


def _typical(
    session: Session, scope: Scope, report: Overview, place: int, *, best: bool
) -> Quote | None:
    keys = {point.touchpoint for point in report.stages[place].touchpoints}
    here = scope.at(keys)
    unhandy = case((func.length(Comment.text).between(*HANDY), 0), else_=1)
    strongest = Comment.sentiment_score.desc() if best else Comment.sentiment_score.asc()
    statement = (
        select(Comment.text)
        .where(one_of_ids(session, Comment.id, list(latest(session, here))))
        .where(Comment.sentiment == ("positive" if best else "negative"))
        .order_by(unhandy, strongest, Comment.id)
        .limit(1)
    )
    text = session.scalar(statement)
    return Quote(place, masked(text.strip())) if text else None
