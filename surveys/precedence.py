"""Which invitations let others go first: a campaign's wait behind what just happened."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.invitation import Invitation
from models.survey import Trigger
from surveys.outbox import CAMPAIGN, INVITATION


def priority_of(session: Session, invitation: Invitation) -> int:
    """The priority of an invitation's first message; only those by appointment need a look."""
    if invitation.period is None or invitation.trigger_id is None:
        return INVITATION
    kind = session.scalar(select(Trigger.kind).where(Trigger.id == invitation.trigger_id))
    return CAMPAIGN if kind == "campaign" else INVITATION
