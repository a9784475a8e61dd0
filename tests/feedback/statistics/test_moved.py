from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.statistics import scores
from feedback.statistics.moved import moved
from feedback.statistics.scores import Estimate
from feedback.statistics.sums import Moments
from feedback.statistics.trend import Trend


def test_each_margin_counts_on_its_own_side() -> None:
    before = Estimate("ces", 5.0, 4.7, 5.4, 100, small=False)
    now = Estimate("ces", 6.0, 5.6, 6.3, 100, small=False)
    found = moved(before, now)
    assert (found.previous, found.current) == (5.0, 6.0)
    # 0.4 below now and 0.4 above before; 0.3 above now and 0.3 below before
    assert found.low == pytest.approx(1.0 - math.hypot(0.4, 0.4))
    assert found.high == pytest.approx(1.0 + math.hypot(0.3, 0.3))


def test_newcombe_s_difference_of_two_shares() -> None:
    # Newcombe (1998), table II, method 10: 56/70 less 48/80
    found = moved(scores.share("x", 48, 80), scores.share("x", 56, 70))
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=6e-5)


def test_without_a_figure_on_either_side_there_is_no_change() -> None:
    few, enough = scores.csat(3, 4), scores.csat(30, 40)
    assert moved(few, enough) == Trend(None, 75.0)
    assert moved(enough, few) == Trend(75.0, None)
    assert moved(few, few) == Trend(None, None)


def test_the_same_again_is_no_change_and_a_rise_is_a_fall_turned_round() -> None:
    low, high = scores.nps(40, 30, 30), scores.nps(70, 20, 10)
    assert moved(low, low).p == 1.0
    rise, fall = moved(low, high), moved(high, low)
    assert rise.p == pytest.approx(fall.p)
    assert rise.low is not None and fall.high is not None and rise.p is not None
    assert rise.low == pytest.approx(-fall.high)
    assert rise.low > 0.0
    assert rise.p < 0.01


answers = st.lists(st.integers(1, 7), min_size=5, max_size=60)


@settings(max_examples=60)
@given(answers, answers)
def test_p_is_below_a_twentieth_just_where_the_interval_leaves_zero_out(
    before: list[int], now: list[int]
) -> None:
    found = moved(scores.ces(Moments.of(before)), scores.ces(Moments.of(now)))
    assert found.low is not None and found.high is not None and found.p is not None
    assert -6.0 <= found.low <= found.high <= 6.0
    assert 0.0 <= found.p <= 1.0
    if min(abs(found.low), abs(found.high)) > 1e-9:
        assert (found.p < 0.05) == (found.low > 0.0 or found.high < 0.0)


def test_the_interval_holds_the_truth_about_nineteen_times_in_twenty() -> None:
    random = np.random.default_rng(2)
    scale, shares = np.arange(1, 8), [0.05, 0.05, 0.1, 0.1, 0.2, 0.2, 0.3]
    held = []
    for _ in range(300):
        sample = random.choice(scale, 100, p=shares).astype(float)
        earlier, later = Moments.of(sample[:40].tolist()), Moments.of(sample[40:].tolist())
        found = moved(scores.ces(earlier), scores.ces(later))
        assert found.low is not None and found.high is not None
        held.append(found.low <= 0.0 <= found.high)
    assert 0.92 <= np.mean(held) <= 0.98
