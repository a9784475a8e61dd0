"""Stored sums held against rows: each day of a workspace, and each longer stretch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.cells.adding import summed as added_up
from feedback.cells.build import rows_of_days
from feedback.cells.codes import Codes, opened_packs
from feedback.cells.columns import Places
from feedback.cells.days import FAN, TOP
from feedback.cells.frame import Frame, frame_of
from feedback.cells.items import Item, Items, Kind, Slice
from feedback.cells.kept import Cells, stored, summed
from feedback.cells.lexicon import WORDS
from feedback.cells.named import items_of
from feedback.cells.read import SHELF
from feedback.cells.rebuild import history_of
from feedback.panel import kept as panel
from feedback.panel.answers import NOBODY
from feedback.rates import check as rates
from feedback.statistics.columns.distinct import distinct
from models.journey import Touchpoint
from models.statistics import StatisticCell, StatisticMark, StatisticState
from models.workspace import Workspace

DAYS = 16


@dataclass(frozen=True, slots=True)
class Difference:
    """A day at a touchpoint whose stored sums are not those of its rows, and what is off first."""

    day: int
    touchpoint: int
    words: str


def differences(session: Session, workspace: Workspace) -> Iterator[Difference]:
    """All that differs, but for what is marked to be counted again anyway."""
    frame = frame_of(session, workspace)
    mine = Touchpoint.workspace_id == workspace.id
    touchpoints = dict(session.execute(select(Touchpoint.id, Touchpoint.key).where(mine)).all())
    marked = _marked(session, frame)
    days = _days(session, frame)
    for first in range(days.start, days.stop, DAYS):
        chunk = range(first, min(first + DAYS, days.stop))
        for day, touchpoint, words in _compared(session, frame, chunk, touchpoints, marked):
            yield Difference(day, touchpoint, words)
        yield from _panels(session, frame, chunk, {day for day, _ in marked})
    yield from _stretches(session, frame, marked)
    for day, touchpoint, words in rates.differences(session, frame, touchpoints):
        yield Difference(day, touchpoint, words)


def _days(session: Session, frame: Frame) -> range:
    """The days that have rows or cells."""
    history = history_of(session, frame.workspace_id, frame.calendar)
    mine = (StatisticCell.workspace_id == frame.workspace_id) & (StatisticCell.level == 0)
    ends = session.execute(
        select(func.min(StatisticCell.node), func.max(StatisticCell.node)).where(mine)
    ).one()
    if ends[0] is None:
        return history
    kept = range(ends[0], ends[1] + 1)
    if not history:
        return kept
    return range(min(history.start, kept.start), max(history.stop, kept.stop))


def _marked(session: Session, frame: Frame) -> set[tuple[int, int]]:
    """The days at touchpoints that are marked."""
    query = select(StatisticMark.touchpoint_id, StatisticMark.hour).distinct()
    query = query.where(
        StatisticMark.workspace_id == frame.workspace_id, StatisticMark.hour.is_not(None)
    )
    return {
        (day, int(row.touchpoint_id or 0))
        for row in session.execute(query)
        for day in frame.calendar.days_of_hour(str(row.hour))
    }


def _compared(
    session: Session,
    frame: Frame,
    days: range,
    touchpoints: dict[int, str],
    marked: set[tuple[int, int]],
) -> Iterator[tuple[int, int, str]]:
    told: set[tuple[int, int]] = set()
    counted = rows_of_days(session, frame, dict.fromkeys(days, touchpoints))
    for shelf in sorted({one >> SHELF for one in touchpoints}):
        kept = stored(session, frame.workspace_id, 0, days, shelf)
        for day in days:
            for item, words in _off(counted.get((0, day, shelf), {}), kept.get(day, {})):
                place = day, item.touchpoint
                if place not in told and place not in marked:
                    told.add(place)
                    where = touchpoints.get(item.touchpoint, f"touchpoint {item.touchpoint}")
                    yield *place, f"{date.fromordinal(day)} at {where}: {words}"


def _panels(session: Session, frame: Frame, days: range, marked: set[int]) -> Iterator[Difference]:
    """Days whose panel is not that of their rows."""
    state = session.get(StatisticState, frame.workspace_id, populate_existing=True)
    if state is None or not state.panel_share:
        return
    kept = dict(panel.stored(session, frame.workspace_id, days))
    rows = panel.counted(session, frame.workspace_id, frame.calendar, days, state.panel_share)
    for day in days:
        one, other = rows[day], kept.get(day, NOBODY)
        if day not in marked and one.pack() != other.pack():
            found = f"the panel has {len(one)} answers and {len(other)} of it are stored"
            words = found if len(one) != len(other) else "the panel is not that of its rows"
            yield Difference(day, 0, f"{date.fromordinal(day)}: {words}")


def _off(rows: Cells, kept: Cells) -> Iterator[tuple[Item, str]]:
    """What differs, part by part."""
    for part in _differing(rows, kept):
        one, other = (items_of(cells.get(part, ())) for cells in (rows, kept))
        for item in sorted({*one, *other}):
            if one.get(item, 0) != other.get(item, 0):
                yield item, _words(item, one, other)


def _differing(rows: Cells, kept: Cells) -> list[Slice]:
    """The parts whose sums differ: all of both are taken from each other at once."""
    parts = sorted({*rows, *kept})
    packs = [
        (2 * number + side, pack)
        for number, part in enumerate(parts)
        for side, cells in enumerate((rows, kept))
        for pack in cells.get(part, ())
        if pack and rows.get(part) != kept.get(part)
    ]
    if not packs:
        return []
    words = Places(*WORDS)
    codes, values = opened_packs(packs, words)
    each = Codes(len(words)).pack
    ours = codes // each % 2 == 0
    off, _ = added_up(np.where(ours, codes, codes - each), np.where(ours, values, -values))
    return [parts[number] for number in distinct(off // each // 2).tolist()]


def _words(item: Item, rows: Items, kept: Items) -> str:
    about = " ".join(word for word in (item.first, item.second) if word)
    what = Kind(item.kind).name.lower().replace("_", " ")
    return f"{what} {about}".strip() + f" is {rows.get(item, 0)} and stored as {kept.get(item, 0)}"


def _stretches(
    session: Session, frame: Frame, marked: set[tuple[int, int]]
) -> Iterator[Difference]:
    """Longer stretches that are not the sum of the shorter ones below."""
    for level in range(TOP):
        below_them = {(shelf, node // FAN) for shelf, node in _nodes(session, frame, level)}
        for shelf, node in sorted(below_them | _nodes(session, frame, level + 1)):
            nodes = range(node * FAN, (node + 1) * FAN)
            parts = stored(session, frame.workspace_id, level, nodes, shelf).values()
            below = summed(parts, shelf)
            whole = stored(session, frame.workspace_id, level + 1, [node], shelf).get(node, {})
            first = node * FAN ** (level + 1)
            if _same(below, whole) or _waits(marked, first, FAN ** (level + 1), shelf):
                continue
            words = f"{FAN ** (level + 1)} days from {date.fromordinal(first)} are not their sum"
            yield Difference(first, shelf << SHELF, words)


def _nodes(session: Session, frame: Frame, level: int) -> set[tuple[int, int]]:
    mine = (StatisticCell.workspace_id == frame.workspace_id) & (StatisticCell.level == level)
    query = select(StatisticCell.shelf, StatisticCell.node).distinct().where(mine)
    return {(row.shelf, row.node) for row in session.execute(query)}


def _same(one: Cells, other: Cells) -> bool:
    return next(_off(one, other), None) is None


def _waits(marked: set[tuple[int, int]], first: int, days: int, shelf: int) -> bool:
    return any(
        first <= day < first + days and touchpoint >> SHELF == shelf for day, touchpoint in marked
    )
