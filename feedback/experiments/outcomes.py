"""What came of an experiment, counted from the rows: one line a variant.

Each customer counts once, by their first invitation in the experiment: what came later was under
the influence of what came before. Everybody who was given a variant counts, asked or not, so that
a channel by which fewer can be reached does not look better for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CTE, Row, Select, exists, func, select
from sqlalchemy.orm import Session

from feedback.experiments.sequential import Sample
from feedback.reporting.sources import mean_points
from models.customer import Consent
from models.invitation import Invitation
from models.response import Answer, Response, Score
from models.status import ResponseStatus

THOUSANDTHS = 1000
RIPE = timedelta(days=3)
"""So long after it was due an invitation is counted: before that most could not yet answer."""
LEAVING = timedelta(days=7)
"""Who withdraws within this time of being asked is counted as having left because of it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One variant: customers given it, asked, who began, finished, left; points by metric."""

    given: int = 0
    asked: int = 0
    answered: int = 0
    completed: int = 0
    left: int = 0
    points: Mapping[str, Sample] = field(default_factory=dict)


def outcomes(
    session: Session, variants: Sequence[int], now: datetime, ripe: timedelta = RIPE
) -> dict[int, Outcome]:
    """The outcome of each variant, by its id."""
    first = _first(variants, now - ripe)
    counted = {row.variant_id: row for row in session.execute(_counts(first))}
    left = _left(session, first)
    points: dict[int, dict[str, Sample]] = {}
    for row in session.execute(_points(first)):
        points.setdefault(row.variant_id, {})[row.metric] = _sample(row)
    return {one: _outcome(counted.get(one), left[one], points.get(one, {})) for one in variants}


def _outcome(row: Row[Any] | None, left: int, points: Mapping[str, Sample]) -> Outcome:
    if row is None:
        return Outcome()
    return Outcome(row.given, row.asked, row.answered, row.completed, left, points)


def _sample(row: Row[Any]) -> Sample:
    total, squares = float(row.total), float(row.squares)
    return Sample(row.n, total / THOUSANDTHS, squares / THOUSANDTHS**2)


def _first(variants: Sequence[int], until: datetime) -> CTE:
    """Each customer's first invitation in the experiment, if it is ripe."""
    earliest = (
        select(func.min(Invitation.id).label("id"))
        .where(Invitation.variant_id.in_(variants))
        .group_by(Invitation.customer_id)
        .subquery()
    )
    return (
        select(Invitation.id, Invitation.variant_id, Invitation.customer_id, Invitation.sent_at)
        .join(earliest, earliest.c.id == Invitation.id)
        .where(Invitation.due_at <= until)
        .cte("first_asked")
    )


def _counts(first: CTE) -> Select[*tuple[Any, ...]]:
    done = Response.status == ResponseStatus.COMPLETED.value
    spoke = exists().where(Answer.response_id == Response.id)
    return (
        select(
            first.c.variant_id,
            func.count().label("given"),
            func.count(first.c.sent_at).label("asked"),
            func.count().filter(spoke).label("answered"),
            func.count().filter(done).label("completed"),
        )
        .select_from(first)
        .outerjoin(Response, Response.invitation_id == first.c.id)
        .group_by(first.c.variant_id)
    )


def _points(first: CTE) -> Select[*tuple[Any, ...]]:
    """The points of who gave a score, one number a response and metric."""
    each = (
        select(first.c.variant_id, Score.metric, mean_points().label("points"))
        .select_from(first)
        .join(Response, Response.invitation_id == first.c.id)
        .join(Score, Score.response_id == Response.id)
        .group_by(first.c.variant_id, Score.metric, Score.response_id)
        .subquery()
    )
    return select(
        each.c.variant_id,
        each.c.metric,
        func.count().label("n"),
        func.sum(each.c.points).label("total"),
        func.sum(each.c.points * each.c.points).label("squares"),
    ).group_by(each.c.variant_id, each.c.metric)


def _left(session: Session, first: CTE) -> Counter[int]:
    """Customers who withdrew soon after they were asked, by variant."""
    withdrawals = (
        select(first.c.variant_id, first.c.customer_id, first.c.sent_at, Consent.occurred_at)
        .select_from(first)
        .join(Consent, Consent.customer_id == first.c.customer_id)
        .where(Consent.state == "withdrawn", Consent.occurred_at >= first.c.sent_at)
    )
    soon = {
        (row.variant_id, row.customer_id)
        for row in session.execute(withdrawals)
        if row.occurred_at <= row.sent_at + LEAVING
    }
    return Counter(variant for variant, _ in soon)
