from __future__ import annotations

import math
from statistics import fmean

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statistics_rows import Row, row_lists, sums_of

from feedback.statistics.impact import Impact, impact, leave_out
from feedback.statistics.metrics import POINTS, Metric
from feedback.statistics.sums import Moments

NPS_POINTS = (-100.0, 0.0, 100.0)


@given(st.lists(st.tuples(st.sampled_from(NPS_POINTS), st.booleans()), min_size=2, max_size=80))
def test_leaving_a_theme_out_is_computing_the_score_without_it(
    rows: list[tuple[float, bool]],
) -> None:
    without = [points for points, said in rows if not said]
    said = [points for points, said in rows if said]
    assume(without and said)
    everybody = [points for points, _ in rows]
    brute = fmean(everybody) - fmean(without)
    assert leave_out(Moments.of(said), Moments.of(everybody)) == pytest.approx(brute, abs=1e-9)


def check(found: Impact, metric: Metric) -> None:
    figures = (found.value, found.low, found.high, found.p)
    if found.value is None:
        assert figures == (None, None, None, None)
        return
    value, low, high, p = (figure for figure in figures if figure is not None)
    assert all(math.isfinite(figure) for figure in (value, low, high, p))
    assert low <= value <= high
    assert 0.0 <= p <= 1.0
    least, most = POINTS[metric]
    assert abs(value) <= most - least


@pytest.mark.parametrize("metric", list(Metric))
@given(data=st.data())
def test_any_responses_give_a_finite_interval_around_the_impact(
    metric: Metric, data: st.DataObject
) -> None:
    least, most = POINTS[metric]
    scores = st.sampled_from([least, (least + most) / 2.0, most])
    said = data.draw(st.lists(scores, max_size=40))
    rest = data.draw(st.lists(scores, max_size=40))
    check(impact(metric, Moments.of(said), Moments.of(said + rest)), metric)


@pytest.mark.parametrize(("said", "rest"), [(4, 100), (0, 100), (50, 4), (50, 0), (0, 0), (1, 0)])
def test_too_few_mentions_or_nobody_to_compare_with_gives_no_figure(said: int, rest: int) -> None:
    cell = Moments.of([-100.0] * said)
    found = impact(Metric.NPS, cell, cell + Moments.of([100.0] * rest))
    assert (found.value, found.low, found.high, found.p) == (None, None, None, None)
    assert found.n == said


def test_a_theme_of_unhappy_people_costs_points_for_sure() -> None:
    cell = Moments.of([-100.0] * 30 + [0.0] * 10)
    found = impact(Metric.NPS, cell, cell + Moments.of([100.0] * 200 + [0.0] * 60))
    assert found.value is not None and found.high is not None and found.p is not None
    assert found.high < 0.0
    assert found.p < 1e-6


def test_a_theme_that_costs_nothing_is_not_told_from_noise() -> None:
    cell = Moments.of([-100.0, 0.0, 100.0, 100.0] * 5)
    found = impact(Metric.NPS, cell, cell + Moments.of([-100.0, 0.0, 100.0, 100.0] * 50))
    assert found.low is not None and found.high is not None
    assert found.low < 0.0 < found.high
    assert found.p == 1.0 or (found.p or 0.0) > 0.3


def test_everybody_happy_gives_no_impact_but_a_width() -> None:
    cell = Moments.of([100.0] * 10)
    found = impact(Metric.NPS, cell, cell + Moments.of([100.0] * 20))
    assert found.value == 0.0
    assert found.low is not None and found.high is not None
    assert found.low < 0.0 < found.high


def test_p_is_below_a_fortieth_just_where_the_difference_lies_below_zero() -> None:
    rest = Moments.of([0.0] * 20 + [100.0] * 80)
    ps = []
    for unhappy in range(11):
        cell = Moments.of([0.0] * unhappy + [100.0] * (10 - unhappy))
        found = impact(Metric.CSAT, cell, cell + rest)
        assert found.p is not None and found.high is not None
        ps.append(found.p)
        if found.high < 0.0:
            assert found.p < 0.025
    assert ps == sorted(ps, reverse=True)


@given(row_lists((-100.0, 0.0, 100.0, None)), st.randoms())
def test_the_order_of_responses_changes_nothing(rows: list[Row], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert sums_of(rows) == sums_of(shuffled)
