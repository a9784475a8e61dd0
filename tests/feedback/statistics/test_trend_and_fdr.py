from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.statistics.fdr import q_values
from feedback.statistics.trend import Trend, compare


def test_q_values_are_those_of_benjamini_and_hochberg() -> None:
    # the fifteen p-values of their 1995 paper: four pass at 0.05
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
    p += [0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    q = q_values(p)
    assert sum(value <= 0.05 for value in q) == 4
    assert q[3] == pytest.approx(0.0095 * 15 / 4)
    assert q[-1] == 1.0


@given(st.lists(st.floats(0.0, 1.0), max_size=50))
def test_q_values_keep_the_order_and_never_fall_below_p(p: list[float]) -> None:
    q = q_values(p)
    assert len(q) == len(p)
    for i, one in enumerate(p):
        assert one <= q[i] + 1e-12 <= 1.0 + 1e-9
        assert all(q[i] <= q[j] for j, other in enumerate(p) if one <= other)


@given(st.lists(st.floats(0.0, 1.0), max_size=30), st.randoms())
def test_q_values_go_with_their_p_whatever_the_order(p: list[float], random: object) -> None:
    order = list(range(len(p)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = q_values([p[i] for i in order])
    assert shuffled == [q_values(p)[i] for i in order]


def test_a_rise_is_seen_and_its_interval_is_above_zero() -> None:
    trend = compare(90, 1000, 150, 1000)
    assert (trend.previous, trend.current) == (0.09, 0.15)
    assert trend.low is not None and trend.p is not None
    assert trend.low > 0.0
    assert trend.p < 0.001


def test_two_empty_counts_are_no_change() -> None:
    trend = compare(0, 50, 0, 50)
    assert trend.p == pytest.approx(1.0)


@pytest.mark.parametrize("n", [0, 4])
def test_without_a_previous_period_there_is_no_trend(n: int) -> None:
    assert compare(0, n, 5, 50) == Trend(None, 0.1)


@given(st.data())
def test_any_counts_give_probabilities(data: st.DataObject) -> None:
    n0, n1 = data.draw(st.integers(5, 500)), data.draw(st.integers(5, 500))
    trend = compare(data.draw(st.integers(0, n0)), n0, data.draw(st.integers(0, n1)), n1)
    figures = (trend.previous, trend.current, trend.low, trend.high, trend.p)
    previous, current, low, high, p = (figure for figure in figures if figure is not None)
    assert all(math.isfinite(figure) for figure in (previous, current, low, high, p))
    assert -1.0 <= low <= current - previous <= high <= 1.0
    assert 0.0 <= p <= 1.0
