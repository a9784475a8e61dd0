from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from feedback.statistics import change
from feedback.statistics.change import Change, of_mean, of_share
from feedback.statistics.sums import Moments

NPS = (-100.0, 100.0)


def alike(value: float, n: int = 6) -> Moments:
    return Moments.of([value] * n)


def test_a_share_that_doubles_on_a_day_is_found_on_that_day() -> None:
    found = of_share([(2, 20)] * 30 + [(10, 20)] * 10)
    assert found.day == 30
    assert found.told
    assert found.p == 1 / (1 + change.ORDERS)
    assert (found.before, found.since) == (Moments(600, 60.0, 60.0), Moments(200, 100.0, 100.0))
    assert 30 in found.days
    assert set(found.days) <= {29, 30, 31}


def test_a_score_that_falls_on_a_day_is_found_on_that_day() -> None:
    good, bad = Moments.of([100.0, 100.0, 0.0, 100.0]), Moments.of([-100.0, 0.0, 0.0, 100.0])
    found = of_mean([good] * 14 + [bad] * 7, *NPS)
    assert (found.day, found.told) == (14, True)
    assert (found.before.mean, found.since.mean) == (75.0, 0.0)


def test_the_gain_of_a_split_is_the_binomial_log_likelihood_of_scipy() -> None:
    counts, n = np.array([3.0, 5.0, 0.0, 9.0]), np.array([10.0, 12.0, 8.0, 11.0])
    gains = change._splits(n, counts, change._binomial)
    for day in (1, 2, 3):
        parts = 0.0
        for side in (slice(None, day), slice(day, None)):
            k, size = counts[side].sum(), n[side].sum()
            parts += binom.logpmf(k, size, k / size) - binom.logpmf(k, size, 17 / 41)
        assert gains[day] == pytest.approx(parts)
    assert gains[0] == -math.inf


def test_the_gain_of_a_mean_is_half_n_log_of_the_squares_left() -> None:
    values = [[1.0, 2.0, 1.0, 3.0, 2.0, 2.0], [4.0, 5.0, 3.0, 4.0, 6.0, 5.0]]
    days = [Moments.of(day) for day in values]
    whole = days[0] + days[1]
    gain = change._gaussian(whole.deviations / 12, 12.0)
    found = change._splits(np.array([6.0, 6.0]), np.array([day.total for day in days]), gain)
    left = days[0].deviations + days[1].deviations
    assert found[1] == pytest.approx(6.0 * math.log(whole.deviations / left))


def test_days_without_answers_before_the_change_may_each_be_the_day() -> None:
    quiet = [(0, 0)] * 3
    found = of_share([(1, 20)] * 20 + quiet + [(15, 20)] * 10)
    assert found.day == 23
    assert set(found.days) >= {20, 21, 22, 23}
    # and they change neither p nor the levels
    without = of_share([(1, 20)] * 20 + [(15, 20)] * 10)
    assert (found.p, found.before, found.since) == (without.p, without.before, without.since)


@pytest.mark.parametrize("value", [-100.0, 0.0, 100.0])
def test_where_all_days_are_equal_no_day_is_named(value: float) -> None:
    found = of_mean([alike(value)] * 10, *NPS)
    assert (found.day, found.p, found.told) == (None, 1.0, False)
    assert found.days == tuple(range(1, 10))
    assert found.before == alike(value, 60)
    for count in (0, 3, 6):
        assert of_share([(count, 6)] * 10).day is None


@pytest.mark.parametrize("days", [[], [(3, 10)], [(0, 0)] * 9, [(1, 4), (2, 4)], [(0, 0), (2, 50)]])
def test_too_little_to_split_has_no_p_and_no_day(days: list[tuple[int, int]]) -> None:
    found = of_share(days)
    assert (found.day, found.days, found.p, found.told) == (None, (), None, False)
    assert found.before.n == sum(n for _, n in days)


def test_a_change_without_any_noise_is_certain_and_finite() -> None:
    found = of_mean([alike(100.0)] * 12 + [alike(-100.0)] * 12, *NPS)
    assert (found.day, found.days) == (12, (12,))
    assert found.told


def test_two_days_can_never_tell_a_change() -> None:
    found = of_share([(0, 100), (100, 100)])
    assert found.day == 1
    assert (found.p, found.told) == (1.0, False)


def test_the_same_days_give_the_same_p_and_the_scale_s_ends_don_t_move_it() -> None:
    days = [Moments.of([float(i % 3), float(i % 5), 1.0, 2.0]) for i in range(30)]
    assert of_mean(days, 0.0, 4.0) == of_mean(days, 0.0, 4.0)
    shifted = [Moments.of([1.0 + i % 3, 1.0 + i % 5, 2.0, 3.0]) for i in range(30)]
    first, second = of_mean(days, 0.0, 4.0), of_mean(shifted, 1.0, 5.0)
    assert (first.day, first.days, first.p) == (second.day, second.days, second.p)


def finite(found: Change, length: int) -> None:
    assert found.p is None or 0.0 < found.p <= 1.0
    assert found.days == tuple(sorted(set(found.days)))
    assert all(0 < day < length for day in found.days)
    if found.day is None:
        assert not found.told
        return
    assert found.day in found.days
    assert found.since.n >= 5 <= found.before.n


@settings(max_examples=25)
@given(st.lists(st.integers(0, 9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))))
def test_any_counts_give_a_day_among_the_days_or_none(days: list[tuple[int, int]]) -> None:
    finite(of_share(days), len(days))


@settings(max_examples=25)
@given(st.lists(st.lists(st.sampled_from([-100.0, 0.0, 100.0]), max_size=6), max_size=30))
def test_any_scores_give_a_day_among_the_days_or_none(days: list[list[float]]) -> None:
    finite(of_mean([Moments.of(day) for day in days], *NPS), len(days))


def rates(
    rng: np.random.Generator, after: float, scatter: float, times: int
) -> tuple[float, float]:
    """How often a change is told, and how often the set holds day 40 of 60."""
    told = held = 0
    for _ in range(times):
        share = np.where(np.arange(60) < 40, 0.2, after)
        share = rng.beta(share / scatter, (1.0 - share) / scatter)
        n = rng.poisson(12, 60)
        days = list(zip(rng.binomial(n, share).tolist(), n.tolist(), strict=True))
        found = of_share(days, orders=111)
        told += found.told
        held += 40 in found.days
    return told / times, held / times


@pytest.mark.parametrize("scatter", [0.001, 0.06])
def test_the_day_is_held_and_no_change_is_rarely_called_one(scatter: float) -> None:
    rng = np.random.default_rng(8)
    told, held = rates(rng, 0.45, scatter, 60)
    assert told > 0.9
    assert held >= 0.9
    falsely, _ = rates(rng, 0.2, scatter, 100)
    assert falsely <= 0.11
