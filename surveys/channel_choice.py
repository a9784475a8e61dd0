"""Which channel an invitation is asked by: the first that may be used, then those after it.

The next is tried where a rule speaks against this channel alone, and where the first message
surely did not arrive. What may have arrived is never sent by another channel as well.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.invitation import Invitation
from models.status import InvitationStatus, sources
from surveys.eligibility_facts import Decision, Refuse, Rule

# Against one channel; all other rules are about the customer or the survey.
OF_A_CHANNEL = (Rule.WITHDREW_CONSENT, Rule.NO_CONSENT, Rule.NO_ADDRESS, Rule.UNREACHABLE)


def joined(channels: list[str]) -> str | None:
    """The channels after the first, as kept in a row."""
    return ",".join(channels[1:]) or None


def goes_on(session: Session, invitation: Invitation, decision: Decision) -> bool:
    """Move on to the next channel after a refusal of this one; False where there is none."""
    if not isinstance(decision, Refuse) or decision.rule not in OF_A_CHANNEL:
        return False
    if not invitation.other_channels:
        return False
    invitation.channel, invitation.other_channels = _next(invitation.other_channels)
    session.flush()
    return True


def after_failure(session: Session, invitation_id: int, now: datetime) -> bool:
    """Have a failed invitation decided on again for the next channel, while it is worth it.

    A guarded UPDATE: a receipt that comes twice moves on once.
    """
    invitation = session.get_one(Invitation, invitation_id, populate_existing=True)
    if not invitation.other_channels or invitation.expires_at <= now:
        return False
    channel, others = _next(invitation.other_channels)
    moved = session.scalar(
        update(Invitation)
        .where(
            Invitation.id == invitation_id,
            Invitation.status == InvitationStatus.FAILED.value,
            Invitation.status.in_(sources("invitations", InvitationStatus.SCHEDULED)),
            Invitation.channel == invitation.channel,
        )
        .values(
            status=InvitationStatus.SCHEDULED.value,
            channel=channel,
            other_channels=others,
            due_at=now,
            status_at=now,
            claimed_until=None,
        )
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    )
    return moved is not None


def _next(others: str) -> tuple[str, str | None]:
    channel, _, rest = others.partition(",")
    return channel, rest or None
