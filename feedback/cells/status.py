"""How far a workspace's statistics are, in numbers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.rates import RateMark
from models.statistics import StatisticMark, StatisticState


@dataclass(frozen=True, slots=True)
class Status:
    """Whether all is counted, what is marked, and how far a rebuild under way is.

    `reached` is the day (Python's ordinal) that is counted next.
    """

    built: bool
    building: bool
    marks: int
    days: int
    days_done: int
    reached: int | None


def status_of(session: Session, workspace_id: int) -> Status:
    """The status now."""
    state = session.get(StatisticState, workspace_id, populate_existing=True)
    marks = sum(
        session.scalar(select(func.count(one.id)).where(one.workspace_id == workspace_id)) or 0
        for one in (StatisticMark, RateMark)
    )
    if state is None:
        return Status(False, False, marks, 0, 0, None)
    first, last = state.first_day or 0, state.last_day if state.last_day is not None else -1
    days = last - first + 1 if state.first_day is not None else 0
    waits = state.customer_cursor is not None
    done = 0 if waits else (state.day_cursor or last + 1) - first if days else 0
    building = state.building is not None
    return Status(
        bool(state.base), building, marks, days, done, None if waits else state.day_cursor
    )
