"""Whose sums and which: both in one whole number, so that counting is sorting and adding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from feedback.cells.asked import Names
from feedback.cells.codes import POINTS, Codes, made_packs
from feedback.cells.columns import Numbers
from feedback.cells.days import FAN
from feedback.cells.items import Kind, Slice
from feedback.cells.read import SHELF
from feedback.cells.told import Told
from feedback.statistics.columns.distinct import distinct
from models.statistics import EVERYBODY, TOTAL

Span = tuple[int, int]
"""A level and a node."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The digits of a pack's number: span, segment, slice, part, shelf.

    The slice after the last is that of all; the part is 0 for the reach and 1 for the rest.
    The spans are the days, in order, and what longer stretches lie within them.
    """

    names: Names
    spans: Sequence[Span]
    segments: Sequence[int]
    shelves: Sequence[int]
    codes: Codes

    @property
    def slices(self) -> int:
        """How many slices there may be, and one more for all together."""
        names = self.names
        return len(names.channels) * len(names.surveys) * len(names.languages) + 1

    @property
    def part(self) -> int:
        """How many codes one part of a slice has."""
        return len(self.shelves) * self.codes.pack

    @property
    def span(self) -> int:
        """How many codes one span has."""
        return len(self.segments) * self.slices * 2 * self.part

    def day(self, day: Numbers) -> Numbers:
        """The place of a day among the spans."""
        return np.searchsorted([node for level, node in self.spans if not level], day)

    def slice(self, channel: Numbers, survey: Numbers, language: Numbers) -> Numbers:
        """The digit of a slice."""
        names = self.names
        return (channel * len(names.surveys) + survey) * len(names.languages) + language

    def place(self, day: Numbers, slice_: Numbers, touchpoint: Numbers) -> Numbers:
        """The code of everybody's nothing, of these days, slices and touchpoints."""
        shelf = np.searchsorted(self.shelves, touchpoint >> SHELF)
        point = touchpoint % POINTS * self.codes.point
        of_slice = slice_ * (2 * self.part) + shelf * self.codes.pack
        return self.day(day) * self.span + of_slice + point

    def of_segment(self, segment: Numbers) -> Numbers:
        """What to add to the code of everybody's for that of a segment."""
        return np.searchsorted(self.segments, segment) * (self.slices * 2 * self.part)

    def name(
        self, kind: Numbers | int, first: Numbers | int = 0, second: Numbers | int = 0
    ) -> Numbers:
        """What to add to a place's code for the code of a kind of these words."""
        kinds = np.asarray(kind, np.int64)
        rest = (kinds >= Kind.STATE) * self.part
        return rest + kinds * self.codes.kind + first * self.codes.words + second

    def totals(self, codes: Numbers) -> Numbers:
        """The codes of all slices together for those of one."""
        each = 2 * self.part
        return codes + (self.slices - 1 - codes // each % self.slices) * each

    def longer(self, codes: Numbers, values: Numbers, level: int) -> tuple[Numbers, Numbers]:
        """What is of spans below a level, as of the spans of that level that hold these."""
        places = {span: place for place, span in enumerate(self.spans)}
        above = np.array([places.get((one + 1, node // FAN), -1) for one, node in self.spans])
        above[[one != level - 1 for one, _ in self.spans]] = -1
        below = codes // self.span
        kept = above[below] >= 0
        return (codes + (above[below] - below) * self.span)[kept], values[kept]

    def packs(
        self, codes: Numbers, values: Numbers
    ) -> Iterator[tuple[Span, int, Slice, int, bytes]]:
        """Codes in order and their sums as packs: each with its span, shelf, slice and part."""
        words = list(self.names.words)
        for number, pack in made_packs(codes, values, words, self.shelves):
            rest, shelf = divmod(number, len(self.shelves))
            rest, part = divmod(rest, 2)
            rest, here = divmod(rest, self.slices)
            span, segment = divmod(rest, len(self.segments))
            whose = self._slice(self.segments[segment], here)
            yield self.spans[span], self.shelves[shelf], whose, part, pack

    def _slice(self, segment: int, place: int) -> Slice:
        if place == self.slices - 1:
            return Slice(segment, TOTAL, 0, TOTAL)
        names = self.names
        rest, language = divmod(place, len(names.languages))
        channel, survey = divmod(rest, len(names.surveys))
        return Slice(
            segment,
            list(names.channels)[channel],
            list(names.surveys)[survey],
            list(names.languages)[language],
        )


def layout_of(told: Told, spans: Sequence[Span], touchpoints: Sequence[int]) -> Layout:
    """The layout of what was read of these touchpoints.

    Raises OverflowError where a code would not fit into 63 bits: ten thousand slices of a hundred
    segments at a thousand touchpoints, and a thousand words, do.
    """
    names, segments = told.names, [EVERYBODY, *distinct(told.segment).tolist()]
    shelves = sorted({one >> SHELF for one in touchpoints})
    layout = Layout(names, spans, segments, shelves, Codes(len(names.words)))
    if len(spans) * layout.span >= 1 << 63:
        raise OverflowError("too many segments, slices, touchpoints and words at once")
    return layout
