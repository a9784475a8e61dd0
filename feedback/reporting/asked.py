"""Who was asked, and who answered: without it a score says nothing of those who kept silent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import Session

from feedback.reporting.figures import RateOut
from feedback.reporting.scope import Scope
from feedback.reporting.sources import of_customers, spoken
from feedback.statistics.scores import share
from models.invitation import Invitation
from models.response import Response
from models.status import InvitationStatus

_LOST = (InvitationStatus.FAILED, InvitationStatus.UNKNOWN)
_OPEN = (InvitationStatus.SENT, InvitationStatus.DELIVERED, InvitationStatus.STARTED)


def response_rate(session: Session, scope: Scope, now: datetime) -> RateOut | None:
    """The invitations of a scope's touchpoints that were sent in its period, and their fate.

    None in one language: a survey page that was never opened was in none.
    """
    if scope.language is not None:
        return None
    answered = exists().where(Response.invitation_id == Invitation.id, spoken())
    lost = Invitation.status.in_(_LOST)
    waiting = Invitation.status.in_(_OPEN) & (Invitation.expires_at > now) & ~answered
    row = session.execute(
        select(
            func.count().label("asked"),
            func.count(case((~lost | answered, 1))).label("delivered"),
            func.count(case((answered, 1))).label("answered"),
            func.count(case((Invitation.status == "completed", 1))).label("completed"),
            func.count(case((waiting, 1))).label("open"),
        ).where(and_(*_asked(session, scope)))
    ).one()
    found = share("rate", row.answered, row.asked)
    return RateOut(**row._mapping, rate=found.value, low=found.low, high=found.high)


def _asked(session: Session, scope: Scope) -> list[ColumnElement[bool]]:
    clauses = [
        Invitation.workspace_id == scope.workspace_id,
        Invitation.touchpoint_id.in_(scope.touchpoints),
        Invitation.created_at >= scope.period.start,
        Invitation.created_at < scope.period.end,
        Invitation.sent_at.is_not(None),
    ]
    if scope.survey_id is not None:
        clauses.append(Invitation.survey_id == scope.survey_id)
    if scope.channel is not None:
        clauses.append(Invitation.channel == scope.channel)
    return [*clauses, *of_customers(session, scope, Invitation.customer_id)]
