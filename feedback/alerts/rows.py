"""Alerts as rows: what is remembered of each series, and what a look changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from feedback.alerts.rhythms import key_of
from feedback.alerts.seen import Seen
from feedback.alerts.watch import Stay
from feedback.statistics.excursions import Excursion
from models.alert import Alert, AlertMute
from models.errors import InvalidInput, NotFound
from surveys.upsert import insert_into

State = Literal["outside", "known", "back", "settled"]
REMEMBERED = timedelta(days=26 * 7 + 14)
"""What is older than any chart's history changes nothing any more."""
LONGEST_MUTE = 366
_POINTS = 120


def stays(session: Session, workspace_id: int, now: datetime) -> list[Stay]:
    """The excursions that still matter to what is expected, the newest first."""
    recent = Alert.until >= (now - REMEMBERED).date()
    query = (
        select(Alert)
        .where(Alert.workspace_id == workspace_id, or_(recent, Alert.closed_at.is_(None)))
        .order_by(Alert.since.desc(), Alert.id.desc())
    )
    return [stay_of(row) for row in session.scalars(query)]


def stay_of(row: Alert) -> Stay:
    """A row as the watch remembers it."""
    since = row.signal.rsplit(":", 2)
    excursion = Excursion(row.series, row.side, f"{since[1]}:{since[2]}")
    return Stay(excursion, row.until, row.rhythm, row.closed_at is None, row.settled)


def muted(session: Session, workspace_id: int, now: datetime) -> dict[str, datetime]:
    """The muted series and until when."""
    mine = (AlertMute.workspace_id == workspace_id) & (AlertMute.until > now)
    rows = session.execute(select(AlertMute.series, AlertMute.until).where(mine))
    return {row.series: row.until for row in rows}


def mute(session: Session, workspace_id: int, series: str, days: int, now: datetime) -> None:
    """Say nothing of a series for so many days; none: say it again."""
    if not 0 <= days <= LONGEST_MUTE:
        raise InvalidInput("is no number of days", field="days", mend="Choose up to a year.")
    session.execute(
        delete(AlertMute).where(AlertMute.workspace_id == workspace_id, AlertMute.series == series)
    )
    if days:
        until = now + timedelta(days=days)
        session.add(
            AlertMute(workspace_id=workspace_id, series=series, until=until, created_at=now)
        )
    session.flush()


def find(session: Session, workspace_id: int, alert_id: int) -> Alert:
    """An alert of this workspace."""
    mine = (Alert.workspace_id == workspace_id) & (Alert.id == alert_id)
    row = session.scalars(select(Alert).where(mine)).one_or_none()
    if row is None:
        raise NotFound(f"there is no alert {alert_id}", mend="Choose one from the alerts.")
    return row


def write(session: Session, workspace_id: int, seen: Seen, now: datetime) -> int:
    """Bring the table to what a look found; how many alerts are to be told of. No commit."""
    silent = muted(session, workspace_id, now)
    for found in seen.opened:
        row = {"workspace_id": workspace_id, "opened_at": now, **found}
        if row["series"] not in silent:
            row["told_in"] = key_of(seen.rhythm, seen.first)
        session.execute(insert_into(session, Alert).values(**row).on_conflict_do_nothing())
    moves = seen.moves
    for stay in (*moves.on, *moves.resumed):
        _change(session, workspace_id, stay, seen, until=stay.until, closed_at=None)
    for stay in (*moves.closed, *moves.settled):
        _change(session, workspace_id, stay, seen, closed_at=now, settled=stay.settled)
    return sum(row["series"] not in silent for row in seen.opened)


def _change(session: Session, workspace_id: int, stay: Stay, seen: Seen, **values: Any) -> None:
    mine = (Alert.workspace_id == workspace_id) & (Alert.signal == stay.excursion.signal)
    row = session.scalars(select(Alert).where(mine)).one()
    point = seen.figures(row.series)
    if point is not None:
        values["latest"] = point
        # a point of the other rhythm would not stand on the same axis of time
        if seen.rhythm.name == began_in(row):
            values["points"] = [*row.points, point][-_POINTS:]
    values["rhythm"] = stay.rhythm
    session.execute(update(Alert).where(Alert.id == row.id).values(**values))


def page(
    session: Session, workspace_id: int, state: str | None, after: int | None, limit: int
) -> tuple[Sequence[Alert], bool]:
    """So many alerts older than `after`, `open` ones or `past` ones; and whether more follow."""
    mine = Alert.workspace_id == workspace_id
    if state is not None:
        mine &= Alert.closed_at.is_(None) if state == "open" else Alert.closed_at.is_not(None)
    if after is not None:
        mine &= Alert.id < after
    query = select(Alert).where(mine).order_by(Alert.id.desc()).limit(limit + 1)
    found = session.scalars(query).all()
    return found[:limit], len(found) > limit


def open_(workspace_id: int) -> ColumnElement[bool]:
    """The alerts of a workspace whose series is still outside."""
    return (Alert.workspace_id == workspace_id) & Alert.closed_at.is_(None)


def open_unknown(session: Session, workspace_id: int) -> int:
    """How many of them nobody has called known."""
    mine = open_(workspace_id) & Alert.known_at.is_(None)
    return session.scalar(select(func.count(Alert.id)).where(mine)) or 0


def state_of(row: Alert) -> State:
    """Where an alert stands."""
    if row.settled:
        return "settled"
    if row.closed_at is not None:
        return "back"
    return "known" if row.known_at else "outside"


def began_in(row: Alert) -> str:
    """The name of the rhythm in which it began, which is that of its chart."""
    return row.signal.rsplit(":", 2)[1]
