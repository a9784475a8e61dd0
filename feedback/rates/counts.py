"""What is counted of invitations, and how the rows say it."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields, replace
from typing import Any, Self

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    func,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from feedback.reporting.scope import Scope
from feedback.reporting.sources import of_customers, placed, spoken
from models.invitation import Invitation
from models.marked import COMPLETED, LOST, WAITING
from models.response import Response


@dataclass(frozen=True, slots=True)
class Counts:
    """Invitations that were sent, and their fate; see `models.rates.RateCell`."""

    asked: int = 0
    delivered: int = 0
    answered: int = 0
    completed: int = 0
    waiting: int = 0

    def __add__(self, other: Self) -> Counts:
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Counts(*(one + two for one, two in pairs))


NAMES = tuple(field.name for field in fields(Counts))
ANSWERED = Response.id.is_not(None)
"""Of an invitation beside its response, if anything was said in one."""


def fates() -> list[ColumnElement[int]]:
    """What one invitation counts, each 0 or 1, in the order of `Counts`."""
    clauses = {
        "asked": true(),
        "delivered": or_(Invitation.status.not_in(LOST), ANSWERED),
        "answered": ANSWERED,
        "completed": Invitation.status.in_(COMPLETED),
        "waiting": and_(Invitation.status.in_(WAITING), ~ANSWERED),
    }
    return [case((clauses[name], 1), else_=0).label(name) for name in NAMES]


def totals(rows: FromClause) -> list[ColumnElement[int]]:
    """The sums of what invitations count."""
    return [func.coalesce(func.sum(rows.c[name]), 0).label(name) for name in NAMES]


def asked(session: Session, scope: Scope, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Columns of the invitations of a scope that were sent, each beside what was said to it.

    An invitation has one response at most. In one language there are none: what was never
    opened was in none.
    """
    said = and_(Response.invitation_id == Invitation.id, spoken())
    joined = select(*columns).select_from(Invitation).outerjoin(Response, said)
    sent = (Invitation.workspace_id == scope.workspace_id, Invitation.sent_at.is_not(None))
    here = placed(scope, Invitation.touchpoint_id, Invitation.created_at)
    return joined.where(*sent, here, *_narrowed(session, scope))


def by_pieces(session: Session, scope: Scope, *columns: Any) -> FromClause:
    """The same of each of a scope's pieces by itself: the index of when has no touchpoint, and
    of several ranges at once it would be given none."""
    if not scope.pieces:
        return asked(session, scope, *columns).subquery()
    each = (replace(scope, pieces=(piece,)) for piece in scope.pieces)
    return union_all(*(asked(session, one, *columns) for one in each)).subquery()


def _narrowed(session: Session, scope: Scope) -> list[ColumnElement[bool]]:
    clauses = []
    if scope.survey_id is not None:
        clauses.append(Invitation.survey_id == scope.survey_id)
    if scope.channel is not None:
        clauses.append(Invitation.channel == scope.channel)
    return [*clauses, *of_customers(session, scope, Invitation.customer_id)]


def from_rows(session: Session, scope: Scope) -> Counts:
    """The counts of a scope from its rows alone."""
    return counts(session, select(*totals(by_pieces(session, scope, *fates()))))


def counts(session: Session, query: Select[*tuple[Any, ...]]) -> Counts:
    """The one row that a query of all sums finds."""
    return Counts(*map(int, session.execute(query).one()))
