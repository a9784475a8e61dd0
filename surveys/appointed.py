"""Invitations of those whose turn has come, each once for each turn, and their next appointment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.orm import Session

from models.invitation import Invitation
from models.message import Message
from models.status import InvitationStatus, MessageStatus
from models.survey import Appointment, Trigger
from surveys.appointment_rows import Planned, due, turn_of
from surveys.appointment_times import Turn
from surveys.channels.links import new_token
from surveys.outbox import CAMPAIGN
from surveys.taking_turns import word
from surveys.upsert import insert_into

AT_ONCE = 500
MOST_WAITING = 1_000
"""Of a campaign so many wait in front of a workspace's others at most; the rest keep their turn."""
Values = dict[str, Any]


def invite(session: Session, trigger: Planned, now: datetime) -> int:
    """Invitations for those whose turn it is, and their next appointments; how many had one."""
    limit = (
        AT_ONCE
        if trigger.rule.kind != "campaign"
        else min(AT_ONCE, _room(session, trigger.workspace_id, now))
    )
    rows = due(session, trigger, now, limit) if limit > 0 else []
    invitations, next_times = [], []
    for row in rows:
        # as of the moment before its time, so that the turn of now is the one that is found
        turn = turn_of(trigger, row, row.due_at - timedelta(microseconds=1))
        if turn is not None and turn.due <= now < turn.expires:
            invitations.append(_invitation(trigger, row.id, turn, now))
        next_times.append({"id": row.appointment, "due_at": _next(trigger, row, now)})
    if invitations:
        session.execute(_insert(session), invitations)
    if next_times:
        session.execute(update(Appointment), next_times)
    elif trigger.rule.kind == "campaign" and trigger.seen_all and limit > 0:
        _finish(session, trigger)
    return len(rows)


def _next(trigger: Planned, row: Row[Any], now: datetime) -> datetime | None:
    if trigger.rule.kind != "recurring":
        return None
    turn = turn_of(trigger, row, now)
    return turn.due if turn else None


def _room(session: Session, workspace_id: int, now: datetime) -> int:
    """How many more of a campaign may wait to be asked or to leave."""
    invited = select(Invitation.id).where(
        Invitation.workspace_id == workspace_id,
        Invitation.status == word(InvitationStatus.SCHEDULED.value),
        Invitation.due_at <= now,
    )
    written = select(Message.id).where(
        Message.workspace_id == workspace_id,
        Message.status == word(MessageStatus.PENDING.value),
        Message.priority == CAMPAIGN,
    )
    return MOST_WAITING - _counted(session, invited) - _counted(session, written)


def _counted(session: Session, rows: Select[int]) -> int:
    """How many there are, at most MOST_WAITING."""
    found = rows.limit(MOST_WAITING).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def _insert(session: Session) -> Any:
    return insert_into(session, Invitation).on_conflict_do_nothing(
        index_elements=["trigger_id", "customer_id", "period"],
        index_where=Invitation.period.is_not(None),
    )


def _invitation(trigger: Planned, customer_id: int, turn: Turn, now: datetime) -> Values:
    return {
        "workspace_id": trigger.workspace_id,
        "trigger_id": trigger.rule.id,
        "customer_id": customer_id,
        "survey_id": trigger.survey_id,
        "version_id": trigger.version_id,
        "channel": trigger.channel,
        "other_channels": trigger.other_channels,
        "period": turn.period,
        "token": new_token(),
        "status": InvitationStatus.SCHEDULED.value,
        "due_at": max(turn.due, now),
        "expires_at": turn.expires,
        "status_at": now,
        "created_at": now,
    }


def _finish(session: Session, trigger: Planned) -> None:
    """A campaign is done when nobody's turn is still to come."""
    to_come = select(Appointment.id).where(
        Appointment.trigger_id == trigger.rule.id, Appointment.due_at.is_not(None)
    )
    if session.scalar(to_come.limit(1)) is None:
        mine = (Trigger.id == trigger.rule.id) & (Trigger.state == "running")
        session.execute(update(Trigger).where(mine).values(state="done"))
