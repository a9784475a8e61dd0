"""Which channel an invitation is asked by: the first that may be used, then those after it.

The next is tried where a rule speaks against this channel alone, and where the first message
surely did not arrive. What may have arrived is never sent by another channel as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.invitation import Invitation
from models.status import InvitationStatus, sources
from surveys.eligibility_facts import Decision, Refuse, Rule

# Against one channel; all other rules are about the customer or the survey.
OF_A_CHANNEL = (
    *(Rule.WITHDREW_CONSENT, Rule.NO_CONSENT, Rule.NO_ADDRESS, Rule.UNREACHABLE),
    *(Rule.NO_SENDER, Rule.NO_TEMPLATE),
)


def joined(channels: list[str]) -> str | None:
    """The channels after the first, as kept in a row."""
    return ",".join(channels[1:]) or None


class Choosing(Protocol):
    """The part of an invitation that says how it may be asked."""

    @property
    def id(self) -> int:
        """Its id."""

    @property
    def other_channels(self) -> str | None:
        """The channels after the present one."""


def goes_on(invitation: Choosing, decision: Decision) -> bool:
    """Whether a decision is against this channel alone, and there is another."""
    of_channel = isinstance(decision, Refuse) and decision.rule in OF_A_CHANNEL
    return of_channel and bool(invitation.other_channels)


def move_on(session: Session, invitations: Sequence[Choosing]) -> None:
    """Have them decided on for the next channel; by a worker that holds them."""
    for one in invitations:
        channel, others = next_channel(one.other_channels or "")
        session.execute(
            update(Invitation)
            .where(Invitation.id == one.id)
            .values(channel=channel, other_channels=others)
            .execution_options(synchronize_session=False)
        )


def after_failure(session: Session, invitation_id: int, now: datetime) -> bool:
    """Have a failed invitation decided on again for the next channel, while it is worth it.

    A guarded UPDATE: a receipt that comes twice moves on once.
    """
    invitation = session.get_one(Invitation, invitation_id, populate_existing=True)
    if not invitation.other_channels or invitation.expires_at <= now:
        return False
    channel, others = next_channel(invitation.other_channels)
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


def next_channel(others: str) -> tuple[str, str | None]:
    """The first of the other channels, and those after it."""
    channel, _, rest = others.partition(",")
    return channel, rest or None
