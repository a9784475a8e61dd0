"""The looks of every workspace: due once a day and once a week, written in one piece."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.alerts import outbox
from feedback.alerts.digests import digest_due, write_digest
from feedback.alerts.gather import settled_by, unread, watched
from feedback.alerts.rhythms import DAY, WEEK, Rhythm, after, key_of, last_whole, period
from feedback.alerts.rows import stays, write
from feedback.alerts.seen import Seen
from feedback.alerts.watch import look
from models.alert import AlertLook
from models.job import Task
from models.journey import Journey
from models.workspace import Workspace
from surveys.schedule import zone_of
from surveys.upsert import insert_into

LOOK_EVERY = timedelta(minutes=10)
PATIENCE_HOURS = 24.0
"""So long a look waits for comments that are still to be read."""
CATCH_UP = 2
"""Days of which a look is made up for after a standstill; older ones are no news any more."""


def look_due(session: Session, kind: str, now: datetime) -> datetime | None:
    """Now, where the last round (a task of this kind) is minutes ago and there is a journey."""
    looked_at = session.scalar(select(func.max(Task.finished_at)).where(Task.kind == kind))
    if looked_at is not None and looked_at > now - LOOK_EVERY:
        return None
    return now if session.scalar(select(Journey.id).limit(1)) is not None else None


def look_everywhere(session: Session, now: datetime) -> int:
    """Look at every workspace whose day or week is over; how many looks and digests that were."""
    done = 0
    having = select(Journey.workspace_id).distinct()
    wanted = select(Workspace).where(Workspace.id.in_(having)).order_by(Workspace.id)
    for workspace in session.scalars(wanted).all():
        for rhythm in (DAY, WEEK):
            for first in list(_owed(session, workspace, rhythm, now)):
                done += _look(session, workspace, rhythm, first, now)
        week = digest_due(session, workspace, now)
        if week is not None and _ready(session, workspace, WEEK, after(WEEK, week, -1), now):
            done += write_digest(session, workspace, week, now)
    return done


def preview(
    session: Session, workspace: Workspace, rhythm: Rhythm, first: date, now: datetime
) -> Seen:
    """What a look at the period that begins on `first` would find; writes nothing."""
    zone = zone_of(workspace.timezone)
    read = watched(session, workspace.id, rhythm, first, zone)
    past = stays(session, workspace.id, now)
    return Seen(read, look(rhythm, first, read.lines, past), past)


def last_look(session: Session, workspace_id: int, rhythm: Rhythm) -> AlertLook | None:
    """The last look in a rhythm."""
    mine = (AlertLook.workspace_id == workspace_id) & (AlertLook.rhythm == rhythm.name)
    return session.scalars(select(AlertLook).where(mine)).one_or_none()


def _owed(session: Session, workspace: Workspace, rhythm: Rhythm, now: datetime) -> Iterator[date]:
    """The periods that are over and were not looked at: the last, and of days the one before."""
    last = last_whole(rhythm, now, zone_of(workspace.timezone))
    seen = last_look(session, workspace.id, rhythm)
    many = CATCH_UP if rhythm is DAY and seen is not None else 1
    for back in range(many - 1, -1, -1):
        first = after(rhythm, last, -back)
        if seen is None or seen.first < first:
            if not _ready(session, workspace, rhythm, first, now):
                return
            yield first


def _ready(
    session: Session, workspace: Workspace, rhythm: Rhythm, first: date, now: datetime
) -> bool:
    """Whether all of a period was read, or was waited for long enough."""
    span = period(rhythm, first, zone_of(workspace.timezone))
    return settled_by(span, now, PATIENCE_HOURS) or not unread(session, workspace.id, span)


def _look(
    session: Session, workspace: Workspace, rhythm: Rhythm, first: date, now: datetime
) -> bool:
    """One look with all that follows from it, in one transaction; False where another made it."""
    seen = preview(session, workspace, rhythm, first, now)
    if not _take(session, workspace.id, seen, now):
        session.rollback()
        return False
    if write(session, workspace.id, seen, now):
        key = key_of(rhythm, first)
        outbox.queue(session, workspace.id, outbox.ALERT, key, now, now + outbox.OLD)
    session.commit()
    return True


def _take(session: Session, workspace_id: int, seen: Seen, now: datetime) -> bool:
    """Write down that this look was made, unless it or a later one was."""
    values = {
        "first": seen.first,
        "series": len(seen.lines),
        "readable": seen.moves.readable,
        "looked_at": now,
    }
    insert = insert_into(session, AlertLook).values(
        workspace_id=workspace_id, rhythm=seen.rhythm.name, **values
    )
    taken = insert.on_conflict_do_update(
        index_elements=[AlertLook.workspace_id, AlertLook.rhythm],
        set_=values,
        where=AlertLook.first < seen.first,
    )
    return session.scalar(taken.returning(AlertLook.workspace_id)) is not None
