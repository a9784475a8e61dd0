"""Invitations nobody took up in time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import TextClause, select, text, update
from sqlalchemy.orm import Session

from models.invitation import Invitation
from models.status import InvitationStatus

WAITING_FOR_THE_CUSTOMER = (InvitationStatus.SENT.value, InvitationStatus.DELIVERED.value)


def unanswered() -> TextClause:
    """Invitations that wait for the customer; spelled out, so that their own index is found.

    As text: to a literal of a truth SQLAlchemy adds `= 1` on SQLite, and no index is found.
    """
    first, second = WAITING_FOR_THE_CUSTOMER
    return text(f"invitations.status IN ('{first}', '{second}')")


def expire_unanswered(session: Session, now: datetime, limit: int = 500) -> int:
    """Expire invitations that were asked and not begun in time; how many. Commits."""
    late = (
        select(Invitation.id)
        .where(unanswered(), Invitation.expires_at <= now)
        .order_by(Invitation.expires_at)
        .limit(limit)
    )
    expired = session.scalars(
        update(Invitation)
        .where(Invitation.id.in_(late), Invitation.status.in_(WAITING_FOR_THE_CUSTOMER))
        .values(status=InvitationStatus.EXPIRED.value, status_at=now)
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.commit()
    return len(expired)
