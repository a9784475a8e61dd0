from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import fisher_exact
from scipy.stats.contingency import relative_risk

from feedback.statistics.intervals import Z
from feedback.statistics.two_shares import (
    Count,
    difference_interval,
    p_more,
    ratio_interval,
)

# Newcombe (1998), Statistics in Medicine 17:873, table II, method 6 (Miettinen-Nurminen)
NEWCOMBE = [
    ((56, 70), (48, 80), (0.0528, 0.3382)),
    ((9, 10), (3, 10), (0.1700, 0.8406)),
    ((5, 56), (0, 29), (-0.0326, 0.1933)),
]


@pytest.mark.parametrize(("one", "other", "limits"), NEWCOMBE)
def test_differences_are_those_of_newcombe_s_table(
    one: tuple[int, int], other: tuple[int, int], limits: tuple[float, float]
) -> None:
    assert difference_interval(Count(*one), Count(*other)) == pytest.approx(limits, abs=6e-5)
    low, high = difference_interval(Count(*other), Count(*one))
    assert (-high, -low) == pytest.approx(limits, abs=6e-5)


def log_likelihood(share: float, count: Count) -> float:
    missed = count.n - count.said
    return count.said * math.log(share) + missed * math.log1p(-share)


def score_of_ratio(inside: Count, outside: Count, ratio: float) -> float:
    """The definition itself: the constrained likelihood maximised numerically."""
    most = min(1.0, 1.0 / ratio) * (1 - 1e-12)
    best = minimize_scalar(
        lambda p: -log_likelihood(p, outside) - log_likelihood(p * ratio, inside),
        bounds=(1e-12, most),
        method="bounded",
        options={"xatol": 1e-13},
    ).x
    n = inside.n + outside.n
    variance = best * ratio * (1 - best * ratio) / inside.n
    variance += ratio**2 * best * (1 - best) / outside.n
    return (inside.share - ratio * outside.share) / math.sqrt(variance * n / (n - 1))


@pytest.mark.parametrize(
    ("inside", "outside"),
    [(Count(12, 40), Count(30, 400)), (Count(1, 30), Count(90, 100)), (Count(7, 9), Count(2, 12))],
)
def test_the_ends_of_a_ratio_lie_z_standard_errors_away(inside: Count, outside: Count) -> None:
    low, high = ratio_interval(inside, outside)
    assert high is not None
    assert score_of_ratio(inside, outside, low) == pytest.approx(Z, abs=1e-5)
    assert score_of_ratio(inside, outside, high) == pytest.approx(-Z, abs=1e-5)


def test_a_ratio_of_many_is_close_to_the_logarithmic_interval() -> None:
    # the aspirin and heart attack counts of the Physicians' Health Study
    textbook = relative_risk(104, 11037, 189, 11034).confidence_interval()
    found = ratio_interval(Count(104, 11037), Count(189, 11034))
    assert found == pytest.approx((textbook.low, textbook.high), rel=2e-3)


counts = st.integers(1, 60).flatmap(
    lambda n: st.builds(Count, st.integers(0, n), st.just(n)),
)


@settings(max_examples=40)
@given(counts, counts)
def test_p_is_fisher_s(inside: Count, outside: Count) -> None:
    table = [[inside.said, inside.n - inside.said], [outside.said, outside.n - outside.said]]
    expected = fisher_exact(table, alternative="greater").pvalue
    assert p_more(inside, outside) == pytest.approx(expected, rel=1e-9)


@settings(max_examples=50)
@given(counts, counts)
def test_any_counts_give_ordered_finite_intervals_that_agree(inside: Count, outside: Count) -> None:
    low, high = difference_interval(inside, outside)
    assert -1.0 <= low <= inside.share - outside.share <= high <= 1.0
    assert 0.0 <= p_more(inside, outside) <= 1.0
    if not inside.said + outside.said:
        return
    least, most = ratio_interval(inside, outside)
    assert math.isfinite(least)
    assert (most is None) == (outside.said == 0)
    assert (least > 1.0 + 1e-9) <= (low > 0.0)
    if most is not None:
        assert least * outside.share <= inside.share + 1e-12
        assert inside.share <= most * outside.share + 1e-12


def test_p_stays_exact_and_quick_at_a_hundred_million_responses() -> None:
    inside, outside = Count(3_010_000, 30_000_000), Count(7_000_000, 70_000_000)
    assert p_more(inside, outside) == pytest.approx(1.80776e-7, rel=1e-4)  # scipy's hypergeom.sf
    assert p_more(Count(2_900_000, 30_000_000), outside) == pytest.approx(1.0)


def test_ratio_and_difference_leave_equality_out_together() -> None:
    outside = Count(90, 900)
    for said in range(3, 40):
        above = ratio_interval(Count(said, 100), outside)[0] > 1.0
        assert above == (difference_interval(Count(said, 100), outside)[0] > 0.0)


def test_the_intervals_hold_the_truth_about_nineteen_times_in_twenty() -> None:
    random = np.random.default_rng(3)
    held = []
    for inside, outside in zip(
        random.binomial(40, 0.2, 250), random.binomial(300, 0.1, 250), strict=True
    ):
        pair = Count(int(inside), 40), Count(int(outside), 300)
        low, high = ratio_interval(*pair)
        held.append(low <= 2.0 <= (high or math.inf))
        low, high = difference_interval(*pair)
        held.append(low <= 0.1 <= high)
    assert 0.92 <= np.mean(held) <= 0.98
