"""The worker's part: whatever was marked or is to be counted anew, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import chain

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from feedback.cells import rebuild
from feedback.cells.definitions import definitions_of
from feedback.cells.frame import frame_of
from feedback.cells.marked import count_customers, count_places, definitions_marked
from feedback.cells.write import Overtaken, forget, take
from feedback.rates.work import count_marked
from models.job import Task
from models.rates import RateMark
from models.statistics import StatisticMark, StatisticState
from models.workspace import Workspace

EVERY = timedelta(seconds=3)
"""Places where answers come in all the time are not counted more often than this."""

LOOK_EVERY = timedelta(minutes=10)
"""So often definitions are compared though nothing was marked: a new version may change them."""

_MARKS: tuple[type[StatisticMark] | type[RateMark], ...] = (StatisticMark, RateMark)

log = structlog.get_logger(__name__)


def owed(session: Session, kind: str, now: datetime) -> datetime | None:
    """Now, if something is marked or being counted anew, and at times to look at definitions."""
    last = session.scalar(select(func.max(Task.finished_at)).where(Task.kind == kind))
    if last is None or last <= now - LOOK_EVERY:
        return now
    if last > now - EVERY:
        return None
    marked = (session.scalar(select(marks.id).limit(1)) for marks in _MARKS)
    return now if any(one is not None for one in marked) or _under_way(session) else None


def _under_way(session: Session) -> list[int]:
    building = StatisticState.building.is_not(None)
    return list(session.scalars(select(StatisticState.workspace_id).where(building)))


def count_next(session: Session, now: Callable[[], datetime]) -> int:
    """One batch for the first workspace that has any; how much was done. Commits."""
    marked = [session.scalars(select(marks.workspace_id).distinct()) for marks in _MARKS]
    busy = {*chain(*marked), *_under_way(session)} or set(session.scalars(select(Workspace.id)))
    for workspace_id in sorted(busy):
        try:
            done = count_workspace(session, workspace_id, now())
        except Overtaken:
            log.info("statistics_overtaken", workspace=workspace_id)
            continue
        if done:
            return done
    return 0


def count_workspace(session: Session, workspace_id: int, now: datetime) -> int:
    """One batch of a workspace; how much was done. Raises Overtaken."""
    workspace = session.get(Workspace, workspace_id, populate_existing=True)
    if workspace is None:
        for marks in _MARKS:
            session.execute(delete(marks).where(marks.workspace_id == workspace_id))
        session.commit()
        return 0
    state = take(session, workspace_id)
    frame = frame_of(session, workspace)
    if (begun := _compared(session, workspace, state)) is not None:
        return begun
    done = count_customers(session, state) or (
        count_places(session, state, frame) + count_marked(session, state, frame)
    )
    return done + rebuild.go_on(session, state, frame, now)


def _compared(session: Session, workspace: Workspace, state: StatisticState) -> int | None:
    """Begin to count anew if definitions changed: 1 if so, None if all is as it was."""
    marks = definitions_marked(session, state)
    wanted = definitions_of(session, workspace)
    known = state.building or {"base": state.base, "segments": state.segments}
    if known != wanted.as_json():
        forget(session, marks)
        rebuild.begin(session, state, frame_of(session, workspace), wanted)
        return 1
    if marks:
        forget(session, marks)
        session.commit()
    return None


def start_afresh(session: Session, workspace_id: int) -> None:
    """Throw all stored sums of a workspace away and begin to count them anew; commits."""
    workspace = session.get_one(Workspace, workspace_id, populate_existing=True)
    while True:
        state = take(session, workspace_id)
        wanted = definitions_of(session, workspace)
        try:
            rebuild.begin(session, state, frame_of(session, workspace), wanted, afresh=True)
            return
        except Overtaken:
            log.info("statistics_overtaken", workspace=workspace_id)
