"""One-off campaigns: whom one would reach, and the states it goes through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from models.errors import Conflict, NotFound
from models.invitation import Invitation
from models.status import InvitationStatus
from models.survey import Appointment, Trigger

DRAFT, RUNNING, PAUSED, CANCELLED, DONE = "draft", "running", "paused", "cancelled", "done"
# done: everybody's turn has come; what is not asked yet can still be held
MOVES: Mapping[str, tuple[str, ...]] = {
    RUNNING: (DRAFT, PAUSED),
    PAUSED: (RUNNING, DONE),
    CANCELLED: (DRAFT, RUNNING, PAUSED, DONE),
}
_EARLY = (InvitationStatus.SCHEDULED.value, InvitationStatus.SENDING.value)


@dataclass
class Counts:
    """Where a campaign's invitations are: by status, and those whose turn is still to come."""

    to_come: int = 0
    by_status: dict[str, int] = field(default_factory=dict)

    @property
    def asked(self) -> int:
        """Those that left."""
        left = ("sent", "delivered", "started", "completed", "expired")
        return sum(self.by_status.get(status, 0) for status in left)


def find(session: Session, workspace_id: int, key: str) -> Trigger:
    """The workspace's campaign of this key; NotFound names those there are."""
    mine = (Trigger.workspace_id == workspace_id) & (Trigger.kind == "campaign")
    row = session.scalars(select(Trigger).where(mine, Trigger.key == key)).one_or_none()
    if row is None:
        known = ", ".join(session.scalars(select(Trigger.key).where(mine).order_by(Trigger.key)))
        mend = f"Use one of {known}." if known else "Write one in a YAML file and apply it."
        raise NotFound(f"there is no campaign {key!r}", field="campaign", mend=mend)
    return row


def counts(session: Session, trigger_id: int) -> Counts:
    """How far a trigger has come, from its own rows alone."""
    to_come = select(func.count()).where(
        Appointment.trigger_id == trigger_id, Appointment.due_at.is_not(None)
    )
    found = (
        select(Invitation.status, func.count())
        .where(Invitation.trigger_id == trigger_id)
        .group_by(Invitation.status)
    )
    rows = session.execute(found).all()
    return Counts(session.scalar(to_come) or 0, {row[0]: row[1] for row in rows})


def start(session: Session, campaign: Trigger, now: datetime, over_seconds: int) -> None:
    """Begin, or go on after a pause; what would have begun in the past begins now. No commit."""
    first = campaign.state == DRAFT
    _move(session, campaign, RUNNING)
    if first:
        timing: dict[str, Any] = dict(campaign.timing or {})
        wanted = timing.get("starts_at")
        starts = max(datetime.fromisoformat(wanted), now) if wanted else now
        timing |= {"starts_at": starts.isoformat(), "over_seconds": over_seconds}
        values = {"timing": timing, "seen_at": None, "seen_id": 0, "seen_all": False}
        session.execute(update(Trigger).where(Trigger.id == campaign.id).values(**values))


def pause(session: Session, campaign: Trigger, now: datetime) -> int:
    """Hold it: those that wait to be asked get their turn back; how many did. No commit.

    What is on its way out already leaves.
    """
    _move(session, campaign, PAUSED)
    waiting = Invitation.status == InvitationStatus.SCHEDULED.value
    taken = session.scalars(
        delete(Invitation)
        .where(Invitation.trigger_id == campaign.id, waiting)
        .returning(Invitation.customer_id)
        .execution_options(synchronize_session=False)
    ).all()
    for some in _parts(list(taken)):
        mine = Appointment.trigger_id == campaign.id
        session.execute(
            update(Appointment).where(mine, Appointment.customer_id.in_(some)).values(due_at=now)
        )
    return len(taken)


def cancel(session: Session, campaign: Trigger, now: datetime) -> int:
    """End it for good: nothing more leaves, what waits in the outbox is held back. No commit."""
    _move(session, campaign, CANCELLED)
    session.execute(delete(Appointment).where(Appointment.trigger_id == campaign.id))
    values = {"status": InvitationStatus.CANCELLED.value, "status_at": now, "claimed_until": None}
    ended = session.scalars(
        update(Invitation)
        .where(Invitation.trigger_id == campaign.id, Invitation.status.in_(_EARLY))
        .values(**values)
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(ended)


def _move(session: Session, campaign: Trigger, to: str) -> None:
    """One guarded UPDATE, so that two people's orders don't cross."""
    moved = session.scalar(
        update(Trigger)
        .where(Trigger.id == campaign.id, Trigger.state.in_(MOVES[to]))
        .values(state=to)
        .returning(Trigger.id)
        .execution_options(synchronize_session="fetch")
    )
    if moved is None:
        state = session.scalar(select(Trigger.state).where(Trigger.id == campaign.id))
        mend = f"Only one that is {' or '.join(MOVES[to])} can be; make another for a new round."
        raise Conflict(f"campaign {campaign.key!r} is {state}", mend=mend)


def _parts(ids: list[int], size: int = 1_000) -> Iterator[list[int]]:
    for at in range(0, len(ids), size):
        yield ids[at : at + size]
