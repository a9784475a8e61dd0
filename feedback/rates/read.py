"""A scope's counts from the stored cells, with those parts from rows that these don't hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.cells.plan import Group, edition_of, plan_of
from feedback.cells.read import stretched
from feedback.cells.watched import ASKED
from feedback.rates.counts import ANSWERED, Counts, asked, counts, from_rows, totals
from feedback.reporting.scope import Scope
from models.invitation import Invitation
from models.rates import RateCell
from models.statistics import EVERYBODY
from surveys.expiry import unanswered

_CELLS = RateCell.__table__


def counts_of(session: Session, scope: Scope) -> Counts:
    """The counts of a scope, whatever its filters but the language: those from its rows."""
    plan = plan_of(session, scope, ASKED)
    if plan is None:
        return from_rows(session, scope)
    found = Counts()
    for group in plan.groups:
        if group.stretches:
            found += _stored(session, scope, group)
    if plan.pieces:
        found += from_rows(session, replace(scope, pieces=plan.pieces))
    if edition_of(session, scope.workspace_id) != plan.edition:
        # a rebuild under other definitions began meanwhile
        return from_rows(session, scope)
    return found


def lapsed(session: Session, scope: Scope, now: datetime) -> int:
    """How many still wait though their time is over: those that the worker has not met yet."""
    # looked for by themselves: few, by their own index, which SQLite would pass over
    late = select(Invitation.id).where(unanswered(), Invitation.expires_at <= now).correlate(None)
    if session.scalar(late.limit(1)) is None:
        # mostly so: PostgreSQL, which may expect many, would start workers to count them
        return 0
    found = asked(session, scope, func.count()).where(Invitation.id.in_(late), ~ANSWERED)
    return session.scalar(found) or 0


def _stored(session: Session, scope: Scope, group: Group) -> Counts:
    query = select(*totals(_CELLS)).where(
        RateCell.workspace_id == scope.workspace_id,
        RateCell.segment_id == (scope.members.segment_id if scope.members else EVERYBODY),
        RateCell.touchpoint_id.in_(group.touchpoints),
        stretched(group, RateCell),
    )
    if scope.channel is not None:
        query = query.where(RateCell.channel == scope.channel)
    if scope.survey_id is not None:
        query = query.where(RateCell.survey_id == scope.survey_id)
    return counts(session, query)
