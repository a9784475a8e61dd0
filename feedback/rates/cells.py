"""Cells of days counted from rows and written, with the longer stretches over them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    SmallInteger,
    cast,
    delete,
    func,
    insert,
    literal_column,
    select,
)
from sqlalchemy.orm import Session

from feedback.cells.asked import day_of
from feedback.cells.days import FAN, TOP
from feedback.cells.frame import Days, Frame, scope_of
from feedback.rates.counts import NAMES, by_pieces, fates, totals
from models.invitation import Invitation
from models.rates import RateCell
from models.statistics import EVERYBODY, SegmentMember

Row = dict[str, Any]
_SLICE = ("segment_id", "touchpoint_id", "channel", "survey_id")
COLUMNS = ("workspace_id", "level", "node", *_SLICE, *NAMES)


def counted_days(session: Session, frame: Frame, days: Days) -> list[Row]:
    """The cells of days' own touchpoints, from their rows; where there are none, none."""
    if not days:
        return []
    starts = [(day, frame.calendar.start(day)) for day in sorted(days)]
    rows = by_pieces(
        session,
        scope_of(frame, days),
        day_of(Invitation.created_at, starts).label("node"),
        *(Invitation.touchpoint_id, Invitation.channel, Invitation.survey_id),
        Invitation.customer_id,
        *fates(),
    )
    once = select(rows).cte("asked").prefix_with("MATERIALIZED", dialect="postgresql")
    found = _grouped(session, once, once, literal_column(str(EVERYBODY)))
    if not frame.segments:
        return found
    joined = once.join(SegmentMember, SegmentMember.customer_id == once.c.customer_id)
    return found + _grouped(session, once, joined, SegmentMember.segment_id)


def _grouped(session: Session, rows: CTE, source: FromClause, segment: Any) -> list[Row]:
    keys = [rows.c[name] for name in ("node", "touchpoint_id", "channel", "survey_id")]
    query = select(segment.label("segment_id"), *keys, *totals(rows)).select_from(source)
    grouped = query.group_by(segment, *keys) if source is not rows else query.group_by(*keys)
    return [
        {name: int(one) if name in NAMES else one for name, one in row._mapping.items()}
        for row in session.execute(grouped)
    ]


def write(session: Session, workspace_id: int, days: Days, rows: Sequence[Row]) -> None:
    """Put the cells of these days' touchpoints where others stood, and what is above them.

    Commits nothing.
    """
    for touchpoints, listed in _alike(days).items():
        places = RateCell.node.in_(listed) & RateCell.touchpoint_id.in_(touchpoints)
        _clear(session, workspace_id, 0, places)
    if rows:
        below = {"workspace_id": workspace_id, "level": 0}
        session.execute(insert(RateCell), [{**below, **row} for row in rows])
    for level in range(1, TOP + 1):
        for touchpoints, listed in _alike(days).items():
            above = {day // FAN**level for day in listed}
            _add_up(session, workspace_id, level, sorted(above), touchpoints)


def _alike(days: Days) -> dict[frozenset[int], list[int]]:
    """The days by their touchpoints."""
    found: dict[frozenset[int], list[int]] = {}
    for day, touchpoints in days.items():
        found.setdefault(frozenset(touchpoints), []).append(day)
    return found


def _add_up(
    session: Session,
    workspace_id: int,
    level: int,
    nodes: Sequence[int],
    touchpoints: Collection[int],
) -> None:
    """Longer stretches, from the shorter ones they are made of."""
    here = RateCell.touchpoint_id.in_(touchpoints)
    _clear(session, workspace_id, level, RateCell.node.in_(nodes) & here)
    below = [one for node in nodes for one in range(node * FAN, (node + 1) * FAN)]
    whole = added_up(workspace_id, level).where(RateCell.node.in_(below), here)
    session.execute(insert(RateCell).from_select(COLUMNS, whole))


def added_up(workspace_id: int, level: int) -> Select[*tuple[Any, ...]]:
    """The cells of a level as the sums of those below, in the order of `COLUMNS`."""
    node = RateCell.node // literal_column(str(FAN), Integer())
    same = [getattr(RateCell, name) for name in _SLICE]
    sums = [cast(func.sum(getattr(RateCell, name)), Integer) for name in NAMES]
    here = RateCell.workspace_id, literal_column(str(level), SmallInteger()).label("level")
    query = select(*here, node.label("node"), *same, *sums)
    below = query.where(RateCell.workspace_id == workspace_id, RateCell.level == level - 1)
    return below.group_by(RateCell.workspace_id, node, *same)


def _clear(session: Session, workspace_id: int, level: int, places: ColumnElement[bool]) -> None:
    mine = (RateCell.workspace_id == workspace_id) & (RateCell.level == level)
    statement = delete(RateCell).where(mine, places)
    session.execute(statement.execution_options(synchronize_session=False))
