"""Plain responses, and the sums of them, for tests that compare with brute force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from hypothesis import strategies as st

from feedback.statistics.metrics import Metric
from feedback.statistics.sums import (
    Cell,
    CellSums,
    JourneySums,
    Moments,
    Pair,
    TouchpointSums,
)


@dataclass(frozen=True)
class Row:
    """One response: where, what it scored (None: nothing), and what it complained about."""

    touchpoint: str
    points: float | None
    themes: frozenset[str]


def _moments(rows: Sequence[Row], metric: Metric) -> dict[Metric, Moments]:
    scored = [row.points for row in rows if row.points is not None]
    return {metric: Moments.of(scored)} if scored else {}


def sums_of(rows: Sequence[Row], metric: Metric = Metric.NPS) -> JourneySums:
    """The sums of these rows."""
    touchpoints: dict[str, TouchpointSums] = {}
    cells: dict[Cell, CellSums] = {}
    pairs: dict[Pair, int] = {}
    for touchpoint in sorted({row.touchpoint for row in rows}):
        here = [row for row in rows if row.touchpoint == touchpoint]
        touchpoints[touchpoint] = TouchpointSums(len(here), len(here), _moments(here, metric))
        for theme in sorted({theme for row in here for theme in row.themes}):
            said = [row for row in here if theme in row.themes]
            n = len(said)
            cells[Cell(touchpoint, theme)] = CellSums(n, n, n, _moments(said, metric))
        for row in here:
            for first, second in combinations(sorted(row.themes), 2):
                if row.points is not None:
                    key = Pair(touchpoint, metric, first, second)
                    pairs[key] = pairs.get(key, 0) + 1
    return JourneySums(touchpoints, cells, pairs)


def row_lists(scores: Sequence[float | None]) -> st.SearchStrategy[list[Row]]:
    """Any list of up to sixty responses."""
    row = st.builds(
        Row,
        st.sampled_from(["browse", "delivery"]),
        st.sampled_from(scores),
        st.frozensets(st.sampled_from(["price", "staff", "speed"])),
    )
    return st.lists(row, max_size=60)
