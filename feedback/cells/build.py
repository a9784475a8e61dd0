"""Days counted from their rows, and the longer stretches from the shorter; not yet written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.cells.by import By
from feedback.cells.days import FAN, TOP, Calendar, runs
from feedback.cells.items import Items, Kind, Sliced
from feedback.cells.kept import Cells, full, stored, summed
from feedback.cells.packed import Sums, pack_of
from feedback.cells.read import SHELF
from feedback.cells.rows import sliced_rows
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


def counted_days(session: Session, frame: Frame, days: Mapping[int, Collection[int]]) -> Fresh:
    """The cells of days from the rows of these touchpoints; others on their shelves are kept."""
    by_shelf: dict[int, dict[int, set[int]]] = {}
    for day, touchpoints in days.items():
        for one in touchpoints:
            by_shelf.setdefault(one >> SHELF, {}).setdefault(day, set()).add(one)
    rows, fresh = rows_of_days(session, frame, days), Fresh()
    for shelf, counted in by_shelf.items():
        kept = stored(session, frame.workspace_id, 0, counted, shelf)
        for day, touchpoints in counted.items():
            cells = _day(rows.get(day, {}), kept.get(day, {}), shelf, touchpoints)
            fresh[0, day, shelf] = cells
    return fresh


def rows_of_days(
    session: Session, frame: Frame, days: Mapping[int, Collection[int]]
) -> dict[int, Sliced]:
    """The sums of some days' rows, at each day's own touchpoints."""
    together: dict[frozenset[int], list[int]] = {}
    for day, touchpoints in days.items():
        together.setdefault(frozenset(touchpoints), []).append(day)
    calendar = frame.calendar
    pieces = tuple(
        Piece(tuple(sorted(touchpoints)), calendar.period(first, end - 1))
        for touchpoints, listed in together.items()
        for first, end in runs(listed)
    )
    if not pieces:
        return {}
    named = {one: str(one) for touchpoints in together for one in touchpoints}
    whole = calendar.period(min(days), max(days))
    scope = Scope(frame.workspace_id, named, whole, themes=frame.themes, pieces=pieces)
    starts = [(day, calendar.start(day)) for day in sorted(days)]
    return sliced_rows(session, scope, By(starts, frame.segments))


def _day(rows: Sliced, kept: Cells, shelf: int, counted: Collection[int]) -> Cells:
    """One shelf's cells of a day: the counted touchpoints anew, the others as they were."""
    others = {one for one in range(shelf << SHELF, (shelf + 1) << SHELF) if one not in counted}
    cells: Cells = {}
    for part in {*rows, *kept}:
        own = {
            item: n for item, n in rows.get(part, {}).items() if item.touchpoint >> SHELF == shelf
        }
        packs = kept.get(part, (b"", b""))
        reach, rest = split(own)
        cells[part] = (_joined(packs[0], reach, others), _joined(packs[1], rest, others))
    return full(cells)


def split(items: Items) -> tuple[Items, Items]:
    """Reach and the rest."""
    reach = {item: number for item, number in items.items() if item.kind < Kind.STATE}
    return reach, {item: number for item, number in items.items() if item.kind >= Kind.STATE}


def _joined(kept: bytes, own: Items, others: Collection[int]) -> bytes:
    if not kept:
        return pack_of(own)
    sums = Sums()
    sums.add(kept, others)
    sums.add_items(own)
    return sums.pack()


def longer(session: Session, frame: Frame, fresh: Fresh) -> Fresh:
    """The stretches over fresh days, level by level, from those below; `fresh` with them."""
    every = dict(fresh)
    places = set(fresh)
    for level in range(1, TOP + 1):
        places = {(level, node // FAN, shelf) for _, node, shelf in places}
        for place in sorted(places):
            every[place] = _above(session, frame.workspace_id, place, every)
    return every


def _above(session: Session, workspace_id: int, place: Place, every: Fresh) -> Cells:
    level, node, shelf = place
    nodes = range(node * FAN, (node + 1) * FAN)
    new = {one: every[level - 1, one, shelf] for one in nodes if (level - 1, one, shelf) in every}
    old = [one for one in nodes if one not in new]
    below = {**stored(session, workspace_id, level - 1, old, shelf), **new}
    return summed(below.values())
