"""The worker's part: days at touchpoints where the fate of invitations changed."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from feedback.cells.frame import Frame
from feedback.cells.marked import chosen
from feedback.cells.write import settle
from feedback.rates.cells import counted_days, write
from feedback.reporting.segments import one_of_ids
from models.rates import RateMark
from models.statistics import StatisticState

MARKS = 100_000
"""So many marks are settled at once: each sending leaves one, and they share few days."""


def count_marked(session: Session, state: StatisticState, frame: Frame) -> int:
    """Count the newest of the marked days again; how many marks that settled. Commits."""
    marks = session.execute(
        select(RateMark.id, RateMark.touchpoint_id, RateMark.hour)
        .where(RateMark.workspace_id == state.workspace_id)
        .order_by(RateMark.hour.desc())
        .limit(MARKS)
    ).all()
    seen, days = chosen(marks, frame)
    if not seen:
        return 0
    rows = counted_days(session, frame, days)
    settle(session, state)
    write(session, state.workspace_id, days, rows)
    gone = delete(RateMark).where(one_of_ids(session, RateMark.id, seen))
    session.execute(gone.execution_options(synchronize_session=False))
    session.commit()
    return len(seen)
