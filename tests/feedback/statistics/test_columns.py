"""What is computed for many cells at once is what is computed for each of them alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statistics_rows import row_lists, sums_of

from feedback.statistics import clustered, intervals, student
from feedback.statistics.clustered import Clusters
from feedback.statistics.columns import intervals as many
from feedback.statistics.columns import student as tails
from feedback.statistics.columns.clustered import (
    ClusterColumns,
    design_effects,
    stretches,
    variances,
)
from feedback.statistics.columns.moments import MomentColumns, column
from feedback.statistics.columns.table import CellTable, PairTable
from feedback.statistics.sums import Cell, CellSums, Moments

CLOSE = {"rel": 1e-9, "abs": 1e-12}
answers = st.lists(st.sampled_from([-100.0, 0.0, 100.0]), min_size=1, max_size=30)
customers = st.lists(st.lists(st.sampled_from([-100.0, 0.0, 100.0]), max_size=4), max_size=12)


@given(st.lists(answers, min_size=1, max_size=8))
def test_intervals_of_many_means_are_those_of_each(groups: list[list[float]]) -> None:
    points = [Moments.of(group) for group in groups]
    low, high = many.bounded_means(MomentColumns.of(points), -100.0, 100.0)
    each = [intervals.bounded_mean(part, -100.0, 100.0) for part in points]
    assert list(zip(low, high, strict=True)) == [pytest.approx(one, **CLOSE) for one in each]


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 500)), min_size=1, max_size=8))
def test_intervals_of_many_shares_are_those_of_each(counts: list[tuple[int, int]]) -> None:
    counts = [(min(count, n), n) for count, n in counts]
    low, high = many.wilsons(column(one for one, _ in counts), column(n for _, n in counts))
    each = [intervals.wilson(count, n) for count, n in counts]
    assert list(zip(low, high, strict=True)) == [pytest.approx(one, **CLOSE) for one in each]


@settings(max_examples=50)
@given(st.lists(customers, min_size=1, max_size=6))
def test_many_cells_are_widened_as_each_of_them(groups: list[list[list[float]]]) -> None:
    parts = [Clusters.of(group) for group in groups]
    found = ClusterColumns.of(parts)
    assert [found.row(place) for place in range(len(parts))] == parts
    assert stretches(found) == pytest.approx([clustered.stretch(part) for part in parts], **CLOSE)
    effects = [clustered.design_effect(part) for part in parts]
    assert design_effects(found) == pytest.approx(effects, **CLOSE)
    for one, part in zip(variances(found).tolist(), parts, strict=True):
        single = clustered.variance(part)
        assert np.isnan(one) if single is None else one == pytest.approx(single, **CLOSE)


@given(
    st.lists(
        st.tuples(st.floats(-40.0, 40.0), st.floats(1.0, 3e6)),
        min_size=1,
        max_size=8,
    )
)
def test_tails_of_many_t_are_those_of_each(pairs: list[tuple[float, float]]) -> None:
    t, df = column(one for one, _ in pairs), column(one for _, one in pairs)
    each = [student.cdf(one, degrees) for one, degrees in pairs]
    assert tails.cdfs(t, df) == pytest.approx(each, rel=1e-6, abs=1e-12)
    quantiles = [student.quantile(0.975, degrees) for _, degrees in pairs]
    assert tails.quantiles(0.975, df) == pytest.approx(quantiles, **CLOSE)


@given(st.floats(-12.0, -0.1), st.floats(250.0, 9e5))
def test_small_tails_are_right_to_their_own_digits(t: float, df: float) -> None:
    """Around the degrees from which they come by an expansion too."""
    (tail,) = tails.cdfs(column([t]), column([df]))
    assert tail == pytest.approx(student.cdf(t, df), rel=1e-8, abs=0.0)


@settings(max_examples=50)
@given(row_lists([-100.0, 0.0, 100.0, None]))
def test_tables_hold_what_they_were_made_of(rows: list) -> None:  # type: ignore[type-arg]
    sums = sums_of(rows)
    table, pairs = CellTable.of(sums.cells), PairTable.of(sums.pairs)
    assert table == sums.cells and list(table) == sorted(sums.cells)
    assert pairs == sums.pairs and len(pairs) == len(sums.pairs)
    wanted = [*sums.cells, Cell("nowhere", "price")]
    voices = [sums.cells.get(cell, CellSums()).voices for cell in wanted]
    assert table.voices_of(wanted).tolist() == voices
