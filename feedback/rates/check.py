"""Stored counts of who was asked held against rows: each day, and each longer stretch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.cells.days import FAN, TOP
from feedback.cells.frame import Frame
from feedback.rates.cells import COLUMNS, added_up, counted_days
from feedback.rates.counts import NAMES, Counts
from models.invitation import Invitation
from models.rates import RateCell, RateMark

DAYS = 16
_NODE, _AT = COLUMNS.index("node"), COLUMNS.index("touchpoint_id")
Key = tuple[int, int, int, str, int]
"""A node, a touchpoint, a segment, a channel and a survey."""
Found = tuple[int, int, str]
"""A day, a touchpoint, and what is off there."""


def differences(session: Session, frame: Frame, touchpoints: Mapping[int, str]) -> Iterator[Found]:
    """All that differs, but for what is marked to be counted again anyway."""
    marked = _marked(session, frame)
    days = _days(session, frame)
    for first in range(days.start, days.stop, DAYS):
        chunk = range(first, min(first + DAYS, days.stop))
        rows = _keyed(counted_days(session, frame, dict.fromkeys(chunk, touchpoints)))
        kept = _stored(session, frame, chunk)
        for key in sorted({*rows, *kept}):
            day, touchpoint, *_ = key
            one, other = rows.get(key, Counts()), kept.get(key, Counts())
            if one != other and (day, touchpoint) not in marked:
                where = _place(touchpoints, touchpoint)
                yield day, touchpoint, f"{date.fromordinal(day)} at {where}: {_words(one, other)}"
    for node, touchpoint, words in _stretches(session, frame):
        yield node, touchpoint, f"{words} at {_place(touchpoints, touchpoint)} is not their sum"


def _place(touchpoints: Mapping[int, str], touchpoint: int) -> str:
    return touchpoints.get(touchpoint, f"touchpoint {touchpoint}")


def _words(one: Counts, other: Counts) -> str:
    name = next(name for name in NAMES if getattr(one, name) != getattr(other, name))
    return f"{name} is {getattr(one, name)} and stored as {getattr(other, name)}"


def _marked(session: Session, frame: Frame) -> set[tuple[int, int]]:
    query = select(RateMark.touchpoint_id, RateMark.hour).distinct()
    rows = session.execute(query.where(RateMark.workspace_id == frame.workspace_id))
    return {
        (day, row.touchpoint_id) for row in rows for day in frame.calendar.days_of_hour(row.hour)
    }


def _days(session: Session, frame: Frame) -> range:
    """The days that have invitations or cells."""
    mine = Invitation.workspace_id == frame.workspace_id
    ends = [
        frame.calendar.day(moment)
        for end in (func.min, func.max)
        if (moment := session.scalar(select(end(Invitation.created_at)).where(mine))) is not None
    ]
    kept = (RateCell.workspace_id == frame.workspace_id) & (RateCell.level == 0)
    for end in (func.min, func.max):
        node = session.scalar(select(end(RateCell.node)).where(kept))
        ends += [] if node is None else [node]
    return range(min(ends), max(ends) + 1) if ends else range(0)


def _keyed(rows: list[dict[str, object]]) -> dict[Key, Counts]:
    names = ("node", "touchpoint_id", "segment_id", "channel", "survey_id")
    return {
        tuple(row[name] for name in names): Counts(*(row[name] for name in NAMES))  # type: ignore[misc,arg-type]
        for row in rows
    }


def _stored(session: Session, frame: Frame, days: range) -> dict[Key, Counts]:
    query = select(RateCell.__table__).where(
        RateCell.workspace_id == frame.workspace_id,
        RateCell.level == 0,
        RateCell.node >= days.start,
        RateCell.node < days.stop,
    )
    return _keyed([dict(row._mapping) for row in session.execute(query)])


def _stretches(session: Session, frame: Frame) -> Iterator[Found]:
    """Longer stretches that are not the sum of the shorter ones below."""
    columns = [getattr(RateCell, name) for name in COLUMNS]
    for level in range(1, TOP + 1):
        span = FAN**level
        mine = (RateCell.workspace_id == frame.workspace_id) & (RateCell.level == level)
        whole, below = select(*columns).where(mine), added_up(frame.workspace_id, level)
        off: set[tuple[int, int]] = set()
        for one, other in ((whole, below), (below, whole)):
            off |= {(row[_NODE], row[_AT]) for row in session.execute(one.except_(other))}
        for node, touchpoint in sorted(off):
            first = date.fromordinal(node * span)
            yield node * span, touchpoint, f"who was asked in {span} days from {first}"
