"""Days counted from their rows, and the longer stretches from the shorter; not yet written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.cells.adding import Coded, joined, summed
from feedback.cells.days import FAN, TOP, Calendar, runs
from feedback.cells.heard import heard
from feedback.cells.kept import Cells, full, stored
from feedback.cells.kept import summed as summed_cells
from feedback.cells.layout import Layout, Span, layout_of
from feedback.cells.packed import Sums
from feedback.cells.read import SHELF
from feedback.cells.scored import scored
from feedback.cells.told import Told, told
from feedback.reporting.period import Piece
from feedback.reporting.scope import Scope
from feedback.themes.catalogue import Catalogue
from feedback.themes.rows import catalogue_of
from models.customer import Segment
from models.workspace import Workspace
from surveys.schedule import zone_of

Place = tuple[int, int, int]
"""A level, a node and a shelf."""

Fresh = dict[Place, Cells]

Days = Mapping[int, Collection[int]]
"""Days, and the touchpoints to count on each."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What all counting of one workspace needs to know."""

    workspace_id: int
    calendar: Calendar
    themes: Catalogue
    segments: bool


def frame_of(session: Session, workspace: Workspace) -> Frame:
    """The frame of a workspace as it is defined now."""
    some = select(Segment.id).where(Segment.workspace_id == workspace.id).limit(1)
    return Frame(
        workspace.id,
        Calendar(zone_of(workspace.timezone)),
        catalogue_of(session, workspace.id),
        session.scalar(some) is not None,
    )


def rows_of_days(session: Session, frame: Frame, days: Days, spans: Sequence[Span] = ()) -> Fresh:
    """The cells of days' own touchpoints, from their rows alone; where there are none, empty.

    With them those of longer `spans`, level by level, all of whose days are among these.
    """
    fresh: Fresh = {
        (0, day, one >> SHELF): {} for day, touchpoints in days.items() for one in touchpoints
    }
    if not fresh:
        return fresh
    fresh |= {(*span, shelf): {} for shelf in {one for *_, one in fresh} for span in spans}
    every = [*((0, day) for day in sorted(days)), *spans]
    scope = _scope(frame, days)
    starts = [(day, frame.calendar.start(day)) for day in sorted(days)]
    rows = told(session, scope, starts, frame.segments)
    layout = layout_of(rows, every, [*scope.touchpoints])
    for (level, node), shelf, part, rest, pack in layout.packs(*_counted(rows, layout)):
        cells = fresh[level, node, shelf]
        reach, other = cells.get(part, (b"", b""))
        cells[part] = (reach, pack) if rest else (pack, other)
    return fresh


def _counted(rows: Told, layout: Layout) -> Coded:
    """All sums, slice by slice and of all slices together, of days and of longer spans."""
    days = summed(*joined(chain(heard(rows, layout), scored(rows, layout))))
    days = summed(*joined([days, (layout.totals(days[0]), days[1])]))
    levels = [days]
    for level in range(1, TOP + 1):
        levels.append(summed(*layout.longer(*levels[-1], level)))
    # a span's codes lie behind those of all spans before it
    return joined(levels)


def _scope(frame: Frame, days: Days) -> Scope:
    """The rows of some days, at each day's own touchpoints."""
    together: dict[frozenset[int], list[int]] = {}
    for day, touchpoints in days.items():
        together.setdefault(frozenset(touchpoints), []).append(day)
    calendar = frame.calendar
    pieces = tuple(
        Piece(tuple(sorted(touchpoints)), calendar.period(first, end - 1))
        for touchpoints, listed in together.items()
        for first, end in runs(listed)
    )
    named = {one: str(one) for touchpoints in together for one in touchpoints}
    whole = calendar.period(min(days), max(days))
    return Scope(frame.workspace_id, named, whole, themes=frame.themes, pieces=pieces)


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
    places = set(fresh)
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
    return summed_cells(below.values(), shelf)


def within(days: range) -> list[Span]:
    """The longer spans all of whose days are among these, level by level."""
    found: list[Span] = []
    nodes = days
    for level in range(1, TOP + 1):
        nodes = range(-(-nodes.start // FAN), nodes.stop // FAN)
        found += [(level, node) for node in nodes]
    return found
