"""Days counted from their rows, and the longer stretches from the shorter; not yet written."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from feedback.cells.counted import Fresh, Place, rows_of_portion
from feedback.cells.days import FAN, TOP
from feedback.cells.frame import Days, Frame, portions
from feedback.cells.kept import Cells, full, stored, summed
from feedback.cells.layout import Span
from feedback.cells.read import SHELF
from feedback.cells.totals import Sums


def rows_of_days(session: Session, frame: Frame, days: Days) -> Fresh:
    """The cells of days' own touchpoints, from their rows alone; where there are none, empty."""
    fresh: Fresh = {}
    for portion in portions(session, frame, days):
        for place, cells in rows_of_portion(session, frame, portion).items():
            known = fresh.get(place)
            fresh[place] = summed((known, cells), place[-1]) if known else cells
    return fresh


def whole_days(session: Session, frame: Frame, days: range, touchpoints: Collection[int]) -> Fresh:
    """The cells of some days in a row, with those of all longer stretches that lie within them.

    Of more than one day there must not be too much.
    """
    every = dict.fromkeys(days, touchpoints)
    if len(days) == 1:
        return rows_of_days(session, frame, every)
    return rows_of_portion(session, frame, every, _within(days))


def counted_days(session: Session, frame: Frame, days: Days) -> Fresh:
    """The cells of days from the rows of these touchpoints; others on their shelves are kept."""
    fresh = rows_of_days(session, frame, days)
    shelves: dict[int, list[int]] = {}
    for _, day, shelf in fresh:
        shelves.setdefault(shelf, []).append(day)
    for shelf, listed in shelves.items():
        kept = stored(session, frame.workspace_id, 0, listed, shelf)
        on = range(shelf << SHELF, (shelf + 1) << SHELF)
        for day, cells in kept.items():
            others = set(on) - set(days[day])
            fresh[0, day, shelf] = _with(fresh[0, day, shelf], cells, others)
    return fresh


def _with(fresh: Cells, kept: Cells, others: Collection[int]) -> Cells:
    """Fresh cells of a day, and what was kept of other touchpoints."""
    cells = {}
    for part in {*fresh, *kept}:
        own, old = (cells_.get(part, (b"", b"")) for cells_ in (fresh, kept))
        cells[part] = (_joined(own[0], old[0], others), _joined(own[1], old[1], others))
    return full(cells)


def _joined(own: bytes, kept: bytes, others: Collection[int]) -> bytes:
    if not kept:
        return own
    sums = Sums()
    sums.add(kept, others)
    sums.add(own)
    return sums.pack()


def longer(session: Session, frame: Frame, fresh: Fresh, until: int | None = None) -> Fresh:
    """The stretches over fresh days, level by level, from those below; `fresh` with them.

    Where `until` is given, only those that end before this day.
    """
    every = dict(fresh)
    places = {place for place in fresh if not place[0]}
    for level in range(1, TOP + 1):
        places = {(level, node // FAN, shelf) for _, node, shelf in places}
        if until is not None:
            places = {one for one in places if (one[1] + 1) * FAN**level <= until}
        for place in sorted(places - every.keys()):
            every[place] = _above(session, frame.workspace_id, place, every)
    return every


def _above(session: Session, workspace_id: int, place: Place, every: Fresh) -> Cells:
    level, node, shelf = place
    nodes = range(node * FAN, (node + 1) * FAN)
    new = {one: every[level - 1, one, shelf] for one in nodes if (level - 1, one, shelf) in every}
    old = [one for one in nodes if one not in new]
    below = {**stored(session, workspace_id, level - 1, old, shelf), **new}
    return summed(below.values(), shelf)


def _within(days: range) -> list[Span]:
    """The longer spans all of whose days are among these, level by level."""
    found: list[Span] = []
    nodes = days
    for level in range(1, TOP + 1):
        nodes = range(-(-nodes.start // FAN), nodes.stop // FAN)
        found += [(level, node) for node in nodes]
    return found
