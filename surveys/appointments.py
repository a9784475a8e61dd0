"""Appointments: made as customers come and change, and turned into invitations when due.

A look at what is due asks one index for each trigger that works so, and never all customers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.orm import Session

from models.survey import Appointment, Trigger
from surveys.appointed import AT_ONCE, invite
from surveys.appointment_rows import Planned, planned, running, turn_of, unseen
from surveys.upsert import insert_into

LAG = timedelta(minutes=2)
"""A change may be committed a while after the time it bears; so long it is waited for."""
Values = dict[str, Any]


def owed(session: Session, now: datetime) -> datetime | None:
    """Since when an appointment is due, or a customer is to be looked at; None: nothing is."""
    first = (
        select(Appointment.due_at)
        .where(Appointment.trigger_id == Trigger.id, Appointment.due_at <= now)
        .order_by(Appointment.due_at)
        .limit(1)
        .correlate(Trigger)
        .scalar_subquery()
    )
    waiting = session.scalar(select(func.min(first)).select_from(Trigger).where(running()))
    if waiting is not None:
        return waiting
    to_look = (_unseen_since(session, one, now) for one in planned(session))
    return next((since for since in to_look if since is not None), None)


def keep(session: Session, now: datetime) -> int:
    """One batch for each trigger: look at changed customers, invite whose turn it is. Commits."""
    done = 0
    for trigger in planned(session):
        done += _look(session, trigger, now)
        done += invite(session, trigger, now)
        session.commit()
    return done


def _until(trigger: Planned, now: datetime) -> datetime:
    return now if trigger.rule.kind == "campaign" else now - LAG


def _unseen_since(session: Session, trigger: Planned, now: datetime) -> datetime | None:
    if trigger.seen_all:
        return None
    if trigger.rule.kind == "campaign":
        return now
    row = session.execute(unseen(trigger, _until(trigger, now)).limit(1)).first()
    return None if row is None else row.updated_at


def _look(session: Session, trigger: Planned, now: datetime) -> int:
    """Give customers that came or changed their appointments; how many were looked at."""
    if trigger.seen_all:
        return 0
    rows = session.execute(unseen(trigger, _until(trigger, now)).limit(AT_ONCE)).all()
    made, left = _sorted(trigger, rows, now)
    if made:
        session.execute(_upsert(session, trigger, now), made)
    if left and trigger.rule.kind != "campaign":
        mine = Appointment.trigger_id == trigger.rule.id
        session.execute(delete(Appointment).where(mine, Appointment.customer_id.in_(left)))
    once = trigger.rule.kind == "campaign" and len(rows) < AT_ONCE
    seen: Values = {"seen_at": rows[-1].updated_at, "seen_id": rows[-1].id} if rows else {}
    if seen or once:
        values = {**seen, "seen_all": once}
        session.execute(update(Trigger).where(Trigger.id == trigger.rule.id).values(**values))
    return len(rows)


def _sorted(
    trigger: Planned, rows: Sequence[Row[Any]], now: datetime
) -> tuple[list[Values], list[int]]:
    """The appointments of those whom the filter takes, and the ids of those it doesn't."""
    made, left = [], []
    for row in rows:
        turn = turn_of(trigger, row, now)
        if turn is None:
            left.append(row.id)
        else:
            made.append(
                {
                    "workspace_id": trigger.workspace_id,
                    "trigger_id": trigger.rule.id,
                    "customer_id": row.id,
                    "due_at": turn.due,
                }
            )
    return made, left


def _upsert(session: Session, trigger: Planned, now: datetime) -> Any:
    """One that is due and not seen to yet keeps its time; a campaign's is given once."""
    insert = insert_into(session, Appointment)
    key = ["trigger_id", "customer_id"]
    if trigger.rule.kind == "campaign":
        return insert.on_conflict_do_nothing(index_elements=key)
    return insert.on_conflict_do_update(
        index_elements=key,
        set_={"due_at": insert.excluded.due_at},
        where=Appointment.due_at.is_(None) | (Appointment.due_at > now),
    )
