"""Due invitations: claimed, decided on and asked, each in a transaction of its own."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from models.invitation import Invitation
from models.status import InvitationStatus, sources
from surveys.asking import ask_by_sms
from surveys.eligibility import Ask
from surveys.in_line import held_up
from surveys.invitations import consider
from surveys.locking import lock
from surveys.senders import sender_for
from surveys.services import Services
from surveys.taking_turns import Queue, oldest, take, word

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
DUE = Queue(
    kind="fire",
    row_id=Invitation.id,
    workspace_id=Invitation.workspace_id,
    since=Invitation.due_at,
    order=(Invitation.due_at,),
    waits=lambda now: and_(
        Invitation.status == word(InvitationStatus.SCHEDULED.value), Invitation.due_at <= now
    ),
)


def fire_due(session: Session, services: Services, now: datetime, limit: int = 200) -> int:
    """Decide on the invitations that are due, and ask; how many were dealt with. Commits.

    Safe to run in many workers at once and to be killed at any point: what a worker held
    is taken up again once its lease has run out.
    """
    _release_lapsed(session, now)
    claimed = _claim(session, now, limit)
    session.commit()
    for invitation_id in claimed:
        try:
            fire_one(session, services, invitation_id, now)
        except Exception:  # whatever is wrong with one, the other customers don't wait for it
            session.rollback()
            log.exception("invitation %d could not be dealt with", invitation_id)
    return len(claimed)


def fire_one(session: Session, services: Services, invitation_id: int, now: datetime) -> None:
    """Decide on one invitation that this worker holds, and commit what comes of it."""
    invitation = lock(session, Invitation, invitation_id)
    if invitation is None or invitation.claimed_until is None:
        session.rollback()
        return
    sender = sender_for(session, services.gateway, invitation.workspace_id)
    decision = consider(session, invitation, now, sender)
    if isinstance(decision, Ask) and invitation.channel == "sms":
        ask_by_sms(session, services, invitation, sender, now)
    session.commit()


def owed(session: Session, now: datetime) -> datetime | None:
    """When the oldest invitation was due that is to be taken up, a dead worker's too."""
    lapsed = session.scalar(
        select(Invitation.due_at)
        .where(Invitation.status == word(InvitationStatus.SENDING.value))
        .where(Invitation.claimed_until <= now)
        .order_by(Invitation.claimed_until)
        .limit(1)
    )
    times = (oldest(session, DUE, now), lapsed)
    return min((time for time in times if time), default=None)


def _release_lapsed(session: Session, now: datetime) -> None:
    """Give back what a worker died with. The lease is NULL once a message carries the work."""
    session.execute(
        update(Invitation)
        .where(
            Invitation.status == InvitationStatus.SENDING.value,
            Invitation.claimed_until <= now,
        )
        .values(status=InvitationStatus.SCHEDULED.value, claimed_until=None, status_at=now)
        .execution_options(synchronize_session=False)
    )


def _claim(session: Session, now: datetime, limit: int) -> list[int]:
    """Take due invitations, workspaces in turn; none that a second worker has taken.

    A workspace whose messages don't leave as fast writes no more of them for now.
    """
    takes = sources("invitations", InvitationStatus.SENDING)
    due = take(session, DUE, now, limit, without=held_up(session, now))
    claimed = session.scalars(
        update(Invitation)
        .where(Invitation.id.in_(due), Invitation.status.in_(takes))
        .values(status=InvitationStatus.SENDING.value, claimed_until=now + LEASE, status_at=now)
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(claimed)
