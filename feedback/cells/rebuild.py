"""All sums of a workspace counted anew, in batches that go on where they were stopped."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from feedback.cells import members
from feedback.cells.build import longer, whole_days
from feedback.cells.days import FAN, TOP, Calendar
from feedback.cells.definitions import Definitions
from feedback.cells.frame import Frame, is_too_much
from feedback.cells.watched import ASKED, SAID
from feedback.cells.write import settle, write_cells
from feedback.panel import kept
from feedback.rates.cells import counted_days
from feedback.rates.cells import write as write_rates
from models.customer import Customer
from models.journey import Touchpoint
from models.rates import RateCell
from models.response import Score
from models.statistics import EVERYBODY, StatisticCell, StatisticState

CUSTOMERS = 20_000
DAYS = FAN**TOP


def history_of(session: Session, workspace_id: int, calendar: Calendar) -> range:
    """The days from the first thing that happened to the last."""
    ends: list[datetime] = []
    scored = Score.workspace_id == workspace_id, Score.touchpoint_id.is_not(None)
    tables = [(one.moment, *one.placed(workspace_id)) for one in (*SAID, *ASKED)]
    for moment, *counts in (*tables, (Score.occurred_at, *scored)):
        query = select(func.min(moment), func.max(moment)).where(*counts)
        ends += [end for end in session.execute(query).one() if end is not None]
    if not ends:
        return range(0)
    return range(calendar.day(min(ends)), calendar.day(max(ends)) + 1)


def begin(
    session: Session,
    state: StatisticState,
    frame: Frame,
    wanted: Definitions,
    afresh: bool = False,
) -> None:
    """Start to count anew under these definitions; commits.

    Where only segments changed, the sums of everybody stay right and are read meanwhile.
    """
    days = history_of(session, frame.workspace_id, frame.calendar)
    same = state.base == wanted.base and not afresh
    share = kept.first_share(session, frame.workspace_id, len(days))
    settle(
        session,
        state,
        base=state.base if same else "",
        segments={},
        building=wanted.as_json(),
        customer_cursor=0,
        first_day=days.start if days else None,
        day_cursor=days.start if days else None,
        last_day=days.stop - 1 if days else None,
        panel_share=min(share, state.panel_share) if same else share,
    )
    _drop(session, frame, days if same else range(0), wanted)
    kept.drop(session, frame.workspace_id, days if same else range(0))
    session.commit()


def _drop(session: Session, frame: Frame, days: range, wanted: Definitions) -> None:
    """Delete what will not be written over: days outside the history, and gone segments."""
    segments = [EVERYBODY, *(int(one) for one in wanted.segments)]
    for cells in (StatisticCell, RateCell):
        outside: list[ColumnElement[bool]] = [cells.segment_id.not_in(segments)]
        for level in range(TOP + 1):
            span = FAN**level
            beyond = or_(cells.node < days.start // span, cells.node > (days.stop - 1) // span)
            outside.append((cells.level == level) & beyond)
        mine = cells.workspace_id == frame.workspace_id
        statement = delete(cells).where(mine, or_(*outside) if days else mine)
        session.execute(statement.execution_options(synchronize_session=False))


def go_on(session: Session, state: StatisticState, frame: Frame, now: datetime) -> int:
    """One more batch, committed; how many customers or days it did, 0 when none is under way."""
    if state.building is None:
        return 0
    if state.customer_cursor is not None:
        return _customers(session, state)
    if state.day_cursor is not None and state.last_day is not None:
        return _days(session, state, frame)
    built: dict[str, Any] = state.building
    done = {"base": built["base"], "segments": built["segments"], "building": None}
    settle(session, state, **done, built_at=now)
    session.commit()
    return 1


def _customers(session: Session, state: StatisticState) -> int:
    mine = Customer.workspace_id == state.workspace_id
    filters = members.filters_of(session, state.workspace_id)
    query = select(Customer.id).where(mine, Customer.id > state.customer_cursor)
    batch = list(session.scalars(query.order_by(Customer.id).limit(CUSTOMERS))) if filters else []
    if not batch:
        settle(session, state, customer_cursor=None)
        session.commit()
        return 1
    was, now = members.stored(session, batch), members.belonging(session, filters, batch)
    settle(session, state, customer_cursor=batch[-1])
    members.store(session, was, now)
    session.commit()
    return len(batch)


def _days(session: Session, state: StatisticState, frame: Frame) -> int:
    """Count the next days whole: all touchpoints, in place of whatever was there.

    A longer stretch is added up once, when its last day is counted, and at the end.
    """
    assert state.day_cursor is not None and state.last_day is not None
    mine = Touchpoint.workspace_id == frame.workspace_id
    touchpoints = set(session.scalars(select(Touchpoint.id).where(mine)))
    days = _batch(session, frame, range(state.day_cursor, state.last_day + 1), touchpoints)
    until = days.stop if days.stop <= state.last_day else None
    fresh = longer(session, frame, whole_days(session, frame, days, touchpoints), until)
    panel = kept.counted(session, frame.workspace_id, frame.calendar, days, state.panel_share)
    every = dict.fromkeys(days, touchpoints)
    rates = counted_days(session, frame, every)
    settle(session, state, day_cursor=until)
    write_cells(session, frame.workspace_id, fresh)
    kept.write(session, state, panel)
    write_rates(session, frame.workspace_id, every, rates)
    session.commit()
    return len(days)


def _batch(session: Session, frame: Frame, ahead: range, touchpoints: Collection[int]) -> range:
    """The next days that are not too much at once, to the end of a longer stretch."""
    first, size = ahead.start, DAYS
    while True:
        days = range(first, min(ahead.stop, (first // size + 1) * size))
        if len(days) == 1 or not is_too_much(session, frame, dict.fromkeys(days, touchpoints)):
            return days
        size //= 2
