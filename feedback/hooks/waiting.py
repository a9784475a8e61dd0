"""Events that came before the one that names their customer: kept, told, and given up in time.

A refund that a shop tells before its order names the order alone. It waits here, one row an event
however often it is delivered, until the order comes (feedback.hooks.early), or for KEEP.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, func, select, text
from sqlalchemy.orm import Session

from feedback import refusals
from feedback.api.schemas import EventResult, FieldError
from feedback.intake_read import read
from feedback.refusals import Refused
from models.intake import IntakeWaiting
from surveys.upsert import insert_into

KEEP = timedelta(days=30)
MOST = 10_000
"""So many may wait in a workspace; the oldest give way."""
STEP = 500
_LOCKS = {
    exclusive: text(f"SELECT pg_advisory_xact_lock{kind}(hashtextextended(:key, 32))")
    for exclusive, kind in ((True, ""), (False, "_shared"))
}


class Where(NamedTuple):
    """Whose events, and as whose ids they are known."""

    workspace_id: int
    source: str

    def mine(self) -> ColumnElement[bool]:
        """Rows that wait here."""
        return (IntakeWaiting.workspace_id == self.workspace_id) & (
            IntakeWaiting.source == self.source
        )


def meet(session: Session, where: Where, *, waits: bool) -> None:
    """Let an event that waits and the one it waits for never miss each other. Before any write.

    Whoever is about to wait has the source to itself until it commits, and looks again for what
    it waits for; the others go side by side. On SQLite one writes at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_LOCKS[waits], {"key": f"waiting:{where.workspace_id}:{where.source}"})


def unusable(item: dict[str, Any], now: datetime) -> EventResult | None:
    """What ails an event whoever its customer will be; None where it may wait."""
    said = {name: one for name, one in item["customer"].items() if name == "attributes"}
    return read([{**item, "customer": {**said, "id": "waits"}}], now, "").results.get(0)


def hold(
    session: Session,
    where: Where,
    early: Sequence[tuple[dict[str, Any], str]],
    now: datetime,
    most: int = MOST,
) -> set[str]:
    """Keep items, each with the id it waits for; the ids of those that did not wait already.

    The oldest past `most` of the workspace are given up.
    """
    rows = [
        {
            **where._asdict(),
            "external_id": item["id"],
            "waits_for": waits_for,
            "item": {**item, "occurred_at": item["occurred_at"] or now.isoformat()},
            "came_at": now,
        }
        for item, waits_for in early
    ]
    kept: Any = insert_into(session, IntakeWaiting).on_conflict_do_nothing()
    held = set(session.scalars(kept.returning(IntakeWaiting.external_id), rows))
    _make_room(session, where.workspace_id, most, now)
    return held


def _make_room(session: Session, workspace_id: int, most: int, now: datetime) -> None:
    mine = select(IntakeWaiting.id).where(IntakeWaiting.workspace_id == workspace_id)
    last = session.scalar(mine.order_by(IntakeWaiting.id.desc()).offset(most).limit(1))
    if last is not None:
        wanted = select(IntakeWaiting).where(
            IntakeWaiting.workspace_id == workspace_id, IntakeWaiting.id <= last
        )
        why = f"more than {most:,} events wait, and this was the oldest"
        _drop(session, session.scalars(wanted).all(), why, now)


def waiting_for(session: Session, where: Where, ids: Collection[str]) -> list[IntakeWaiting]:
    """What waits for these events, in the order in which it came."""
    wanted = select(IntakeWaiting).where(where.mine(), IntakeWaiting.waits_for.in_(ids))
    return list(session.scalars(wanted.order_by(IntakeWaiting.id)))


def done(session: Session, rows: Sequence[IntakeWaiting]) -> None:
    """These wait no more."""
    gone = IntakeWaiting.id.in_([row.id for row in rows])
    options = {"synchronize_session": False}
    session.execute(delete(IntakeWaiting).where(gone), execution_options=options)


def forget(session: Session, workspace_id: int, external_id: str) -> int:
    """Drop an event that waits, and tell nobody; how many there were."""
    mine = IntakeWaiting.workspace_id == workspace_id
    rows = session.scalars(
        select(IntakeWaiting).where(mine, IntakeWaiting.external_id == external_id)
    ).all()
    done(session, rows)
    return len(rows)


def count(session: Session, workspace_id: int) -> int:
    """How many wait in a workspace."""
    mine = IntakeWaiting.workspace_id == workspace_id
    return session.scalar(select(func.count()).select_from(IntakeWaiting).where(mine)) or 0


def newest(session: Session, workspace_id: int, limit: int) -> list[IntakeWaiting]:
    """The newest first."""
    mine = select(IntakeWaiting).where(IntakeWaiting.workspace_id == workspace_id)
    return list(session.scalars(mine.order_by(IntakeWaiting.id.desc()).limit(limit)))


def owed(session: Session, now: datetime) -> datetime | None:
    """Since when the oldest has waited for long enough."""
    oldest = session.scalar(select(func.min(IntakeWaiting.came_at)))
    return oldest + KEEP if oldest is not None and oldest + KEEP <= now else None


def give_up_next(session: Session, now: datetime) -> int:
    """Give up a batch of those that waited for KEEP; how many. Commits."""
    old = select(IntakeWaiting).where(IntakeWaiting.came_at <= now - KEEP)
    wanted = old.order_by(IntakeWaiting.came_at).limit(STEP).with_for_update(skip_locked=True)
    rows = session.scalars(wanted).all()
    _drop(session, rows, f"it did not come in {KEEP.days} days", now)
    session.commit()
    return len(rows)


def _drop(session: Session, rows: Sequence[IntakeWaiting], why: str, now: datetime) -> None:
    """Away with them, and tell each among the workspace's refusals."""
    for workspace_id, source in sorted({(row.workspace_id, row.source) for row in rows}):
        mine = [row for row in rows if (row.workspace_id, row.source) == (workspace_id, source)]
        told = [Refused(row.external_id, _given_up(row, why)) for row in mine]
        refusals.keep(session, workspace_id, source, told, now)
    if rows:
        done(session, rows)


def _given_up(row: IntakeWaiting, why: str) -> FieldError:
    told = f"waited for {row.waits_for[:160]} and was given up: {why}"
    mend = "See that the source sends that event too, or send both again."
    return FieldError(message=told, field="customer.same_as", mend=mend)
