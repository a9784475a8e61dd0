"""What was said of each theme at each touchpoint, as columns; rows in the order of their cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from feedback.statistics.columns.moments import Column, MomentColumns, Places, column
from feedback.statistics.metrics import Metric
from feedback.statistics.sums import Cell, CellSums, Moments, Pair


class CellTable(Mapping[Cell, CellSums]):
    """The `CellSums` of a journey.

    Row r is of theme `themes[theme[r]]` at `touchpoints[at[r]]`; both are sorted, and so are the
    rows. `mentions`, `negative` and `voices` are counts, `points` those of each metric with a
    row a cell: all (k,).
    """

    def __init__(
        self,
        touchpoints: Sequence[str],
        themes: Sequence[str],
        at: Places,
        theme: Places,
        counts: tuple[Column, Column, Column],
        points: Mapping[Metric, MomentColumns],
    ) -> None:
        self.touchpoints, self.themes = touchpoints, themes
        self.at, self.theme = at, theme
        self.mentions, self.negative, self.voices = counts
        self.points = points

    @classmethod
    def of(cls, cells: Mapping[Cell, CellSums]) -> CellTable:
        """The table of these cells."""
        if isinstance(cells, CellTable):
            return cells
        listed = sorted(cells)
        touchpoints = sorted({cell.touchpoint for cell in listed})
        themes = sorted({cell.theme for cell in listed})
        at = {name: place for place, name in enumerate(touchpoints)}
        of = {name: place for place, name in enumerate(themes)}
        parts = [cells[cell] for cell in listed]
        return cls(
            touchpoints,
            themes,
            np.array([at[cell.touchpoint] for cell in listed], np.intp),
            np.array([of[cell.theme] for cell in listed], np.intp),
            (
                column(part.mentions for part in parts),
                column(part.negative for part in parts),
                column(part.voices for part in parts),
            ),
            {
                metric: MomentColumns.of(part.points.get(metric, Moments()) for part in parts)
                for metric in Metric
            },
        )

    @cached_property
    def cells(self) -> Sequence[Cell]:
        """The cell of each row."""
        named = zip(self.at.tolist(), self.theme.tolist(), strict=True)
        return [Cell(self.touchpoints[at], self.themes[theme]) for at, theme in named]

    @cached_property
    def places(self) -> Mapping[Cell, int]:
        """The row of each cell."""
        return {cell: place for place, cell in enumerate(self.cells)}

    def __getitem__(self, cell: Cell) -> CellSums:
        place = self.places[cell]
        points = {metric: part.row(place) for metric, part in self.points.items()}
        return CellSums(
            int(self.mentions[place]),
            int(self.negative[place]),
            int(self.voices[place]),
            {metric: part for metric, part in points.items() if part.n},
        )

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.cells)

    def __len__(self) -> int:
        return len(self.at)

    def taken(self, rows: Places) -> CellTable:
        """These rows alone."""
        return CellTable(
            self.touchpoints,
            self.themes,
            self.at[rows],
            self.theme[rows],
            (self.mentions[rows], self.negative[rows], self.voices[rows]),
            {metric: part.taken(rows) for metric, part in self.points.items()},
        )

    def voices_of(self, cells: Sequence[Cell]) -> Column:
        """The voices of these cells, 0 of one that isn't here."""
        places = np.array([self.places.get(cell, -1) for cell in cells], np.intp)
        return np.append(self.voices, 0.0)[places]

    def turned(self, lengths: Mapping[Metric, float]) -> CellTable:
        """The same cells with each answer y of a metric as its length less y."""
        points = {metric: part.turned(lengths[metric]) for metric, part in self.points.items()}
        counts = self.mentions, self.negative, self.voices
        return CellTable(self.touchpoints, self.themes, self.at, self.theme, counts, points)


class PairTable(Mapping[Pair, int]):
    """How many scored responses speak of two themes of a touchpoint.

    Row r of a metric is of `themes[first[r]]` and `themes[second[r]]` at `touchpoints[at[r]]`.
    """

    def __init__(
        self,
        touchpoints: Sequence[str],
        themes: Sequence[str],
        rows: Mapping[Metric, tuple[Places, Places, Places, NDArray[np.int64]]],
    ) -> None:
        self.touchpoints, self.themes, self.rows = touchpoints, themes, rows

    @classmethod
    def of(cls, pairs: Mapping[Pair, int]) -> PairTable:
        """The table of these pairs."""
        if isinstance(pairs, PairTable):
            return pairs
        touchpoints = sorted({pair.touchpoint for pair in pairs})
        themes = sorted({theme for pair in pairs for theme in (pair.first, pair.second)})
        at = {name: place for place, name in enumerate(touchpoints)}
        of = {name: place for place, name in enumerate(themes)}
        rows = {}
        for metric in Metric:
            mine = sorted((pair, count) for pair, count in pairs.items() if pair.metric is metric)
            found = [(at[p.touchpoint], of[p.first], of[p.second], n) for p, n in mine]
            rows[metric] = tuple(np.array(found, np.int64).reshape(-1, 4).T)
        return cls(touchpoints, themes, rows)  # type: ignore[arg-type]

    @cached_property
    def _pairs(self) -> Mapping[Pair, int]:
        return {
            Pair(self.touchpoints[at], metric, self.themes[first], self.themes[second]): count
            for metric, rows in self.rows.items()
            for at, first, second, count in zip(*(part.tolist() for part in rows), strict=True)
        }

    def __getitem__(self, pair: Pair) -> int:
        return self._pairs[pair]

    def __iter__(self) -> Iterator[Pair]:
        return iter(self._pairs)

    def __len__(self) -> int:
        return sum(len(count) for *_, count in self.rows.values())
