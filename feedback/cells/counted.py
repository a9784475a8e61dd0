"""Some days counted from their rows: read as columns, laid out, added up, and packed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from sqlalchemy.orm import Session

from feedback.cells.adding import Coded, joined, summed
from feedback.cells.days import TOP
from feedback.cells.frame import Days, Frame, scope_of
from feedback.cells.heard import heard
from feedback.cells.kept import Cells
from feedback.cells.layout import Layout, Span, layout_of
from feedback.cells.read import SHELF
from feedback.cells.scored import scored
from feedback.cells.told import Told, told

Place = tuple[int, int, int]
"""A level, a node and a shelf."""

Fresh = dict[Place, Cells]


def rows_of_portion(
    session: Session, frame: Frame, days: Days, spans: Sequence[Span] = ()
) -> Fresh:
    """The same of days that are not too much at once, and of these longer spans of them."""
    fresh: Fresh = {
        (0, day, one >> SHELF): {} for day, touchpoints in days.items() for one in touchpoints
    }
    if not fresh:
        return fresh
    fresh |= {(*span, shelf): {} for shelf in {one for *_, one in fresh} for span in spans}
    scope = scope_of(frame, days)
    starts = [(day, frame.calendar.start(day)) for day in sorted(days)]
    rows = told(session, scope, starts, frame.segments)
    layout = layout_of(rows, [*((0, day) for day, _ in starts), *spans], [*scope.touchpoints])
    for sums in _counted(rows, layout):
        for span, shelf, part, rest, pack in layout.packs(*sums):
            cells = fresh[*span, shelf]
            reach, other = cells.get(part, (b"", b""))
            cells[part] = (reach, pack) if rest else (pack, other)
    return fresh


def _counted(rows: Told, layout: Layout) -> Iterator[Coded]:
    """All sums: slice by slice and of all slices together, of days and of longer spans."""
    own = summed(*joined(chain(heard(rows, layout), scored(rows, layout))))
    for sums in (own, summed(layout.totals(own[0]), own[1])):
        yield sums
        for level in range(1, TOP + 1):
            sums = summed(*layout.longer(*sums, level))
            yield sums
