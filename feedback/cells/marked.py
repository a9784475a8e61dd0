"""What changed is counted again: customers first, then days at touchpoints."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Row, insert, select
from sqlalchemy.orm import Session

from feedback.cells import members
from feedback.cells.build import counted_days, longer
from feedback.cells.frame import Frame
from feedback.cells.stale import places_of
from feedback.cells.watched import ASKED, SAID
from feedback.cells.write import forget, settle, write_cells
from feedback.panel import kept
from models.rates import RateMark
from models.statistics import StatisticMark, StatisticState

MARKS = 20_000
CUSTOMERS = 2000
DAYS = 16


def _taken(state: StatisticState) -> ColumnElement[bool]:
    mine = StatisticMark.workspace_id == state.workspace_id
    return mine & (StatisticMark.id <= state.taken)


def definitions_marked(session: Session, state: StatisticState) -> list[int]:
    """The marks that say that definitions changed."""
    query = select(StatisticMark.id).where(
        _taken(state),
        StatisticMark.touchpoint_id.is_(None),
        StatisticMark.customer_id.is_(None),
    )
    return list(session.scalars(query))


def count_customers(session: Session, state: StatisticState) -> int:
    """See where changed customers belong, and mark the places where those who moved spoke."""
    workspace_id = state.workspace_id
    marks = session.execute(
        select(StatisticMark.id, StatisticMark.customer_id)
        .where(_taken(state), StatisticMark.customer_id.is_not(None))
        .order_by(StatisticMark.customer_id)
        .limit(CUSTOMERS)
    ).all()
    if not marks:
        return 0
    changed = {int(mark.customer_id) for mark in marks}
    was = members.stored(session, changed)
    now = members.belonging(session, members.filters_of(session, workspace_id), changed)
    moved = {customer for customer, _ in was ^ now}
    said, asked = (
        places_of(session, workspace_id, moved, watched) if moved else []
        for watched in (SAID, ASKED)
    )
    settle(session, state)
    members.store(session, was, now)
    _mark(session, StatisticMark, workspace_id, said)
    _mark(session, RateMark, workspace_id, asked)
    forget(session, [mark.id for mark in marks])
    session.commit()
    return len(marks)


def _mark(
    session: Session,
    marks: type[StatisticMark] | type[RateMark],
    workspace_id: int,
    places: Collection[tuple[int, str]],
) -> None:
    new = [
        {"workspace_id": workspace_id, "touchpoint_id": touchpoint, "hour": hour}
        for touchpoint, hour in places
    ]
    if new:
        session.execute(insert(marks), new)


def count_places(session: Session, state: StatisticState, frame: Frame) -> int:
    """Count the newest of the marked days again; how many marks that settled."""
    marks = session.execute(
        select(StatisticMark.id, StatisticMark.touchpoint_id, StatisticMark.hour)
        .where(_taken(state), StatisticMark.hour.is_not(None))
        .order_by(StatisticMark.hour.desc())
        .limit(MARKS)
    ).all()
    seen, days = chosen(marks, frame)
    if not seen:
        return 0
    fresh = longer(session, frame, counted_days(session, frame, days))
    panel = kept.counted(session, frame.workspace_id, frame.calendar, days, state.panel_share)
    settle(session, state)
    write_cells(session, state.workspace_id, fresh)
    kept.write(session, state, panel)
    forget(session, seen)
    session.commit()
    return len(seen)


def chosen(
    marks: Sequence[Row[int, int | None, str | None] | Row[int, int, str]], frame: Frame
) -> tuple[list[int], dict[int, set[int]]]:
    """The marks of the first few days among them, and what to count on each day."""
    seen: list[int] = []
    days: dict[int, set[int]] = {}
    known: dict[str, range] = {}
    for mark in marks:
        hour, touchpoint = str(mark.hour), int(mark.touchpoint_id or 0)
        if hour not in known:
            known[hour] = frame.calendar.days_of_hour(hour)
        if len({*days, *known[hour]}) > DAYS:
            break
        for day in known[hour]:
            days.setdefault(day, set()).add(touchpoint)
        seen.append(mark.id)
    return seen, days
