from __future__ import annotations

import math
from statistics import fmean, variance

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.statistics import clustered
from feedback.statistics.clustered import Clusters, Shared, intra_customer
from feedback.statistics.columns.clustered import ClusterColumns, SharedColumns, joined
from feedback.statistics.columns.intervals import wideneds
from feedback.statistics.columns.moments import column
from feedback.statistics.intervals import bounded_mean, wilson
from feedback.statistics.student import quantile
from feedback.statistics.sums import Moments

NPS_POINTS = (-100.0, 0.0, 100.0)
customers = st.lists(
    st.lists(st.sampled_from(NPS_POINTS), min_size=1, max_size=6), min_size=1, max_size=40
)


def widened(
    wider: float, value: float, usual: tuple[float, float], least: float, most: float
) -> tuple[float, float]:
    """A usual interval made to hold for its customers."""
    limits = column([usual[0]]), column([usual[1]])
    low, high = wideneds(column([wider]), column([value]), limits, least, most)
    return float(low[0]), float(high[0])


def own_squares(groups: list[list[float]]) -> float:
    return sum(sum(group) ** 2 / len(group) for group in groups)


def test_one_response_a_customer_is_the_usual_variance() -> None:
    values = [100.0, 100.0, 0.0, -100.0, 0.0, 100.0]
    cell = Clusters.of([value] for value in values)
    assert clustered.variance(cell) == pytest.approx(variance(values) / 6, rel=1e-12)
    assert clustered.design_effect(cell) == pytest.approx(1.0, rel=1e-12)
    assert (cell.effective_customers, cell.degrees) == (6.0, 5.0)


@settings(max_examples=40)
@given(st.lists(st.sampled_from(NPS_POINTS), min_size=1, max_size=80))
def test_one_response_a_customer_leaves_every_interval_as_it_was(values: list[float]) -> None:
    cell = Clusters.of([value] for value in values)
    usual = bounded_mean(cell.points, -100.0, 100.0)
    found = widened(clustered.stretch(cell), cell.points.mean, usual, -100.0, 100.0)
    assert found == pytest.approx(usual, rel=1e-9, abs=1e-9)


def test_a_customer_who_says_it_five_times_says_it_once() -> None:
    once = Clusters.of([[100.0], [0.0], [-100.0], [100.0]])
    five = Clusters.of([[100.0] * 5, [0.0] * 5, [-100.0] * 5, [100.0] * 5])
    assert five.points.mean == once.points.mean
    assert clustered.variance(five) == pytest.approx(clustered.variance(once))
    assert five.effective_customers == 4.0
    assert five.degrees == 3.0
    # s²/n of four answers over s²/n of twenty, by hand: (27500/3/4) / (137500/19/20)
    assert clustered.design_effect(five) == pytest.approx((27500 / 12) / (137500 / 380))


def test_the_variance_is_the_linearised_one_worked_by_hand() -> None:
    # m = 2, 1, 3; S = 100, -100, 200; R = 200/6; residuals S - R·m = 100/3, -400/3, 100
    cell = Clusters.of([[100.0, 0.0], [-100.0], [100.0, 100.0, 0.0]])
    g = 36 / 14
    residuals = (100 / 3) ** 2 + (400 / 3) ** 2 + 100**2
    assert cell.effective_customers == pytest.approx(g)
    assert clustered.variance(cell) == pytest.approx(residuals / 36 * g / (g - 1))


@settings(max_examples=40)
@given(customers)
def test_sums_give_what_the_customers_give(groups: list[list[float]]) -> None:
    cell = Clusters.of(groups)
    rate = fmean(value for group in groups for value in group)
    brute = sum((sum(group) - rate * len(group)) ** 2 for group in groups)
    assert cell.squared == pytest.approx(brute, abs=1e-6)


@settings(max_examples=40)
@given(customers)
def test_any_customers_give_a_finite_interval_inside_the_scale(groups: list[list[float]]) -> None:
    cell = Clusters.of(groups)
    usual = bounded_mean(cell.points, -100.0, 100.0)
    low, high = widened(clustered.stretch(cell), cell.points.mean, usual, -100.0, 100.0)
    assert math.isfinite(clustered.design_effect(cell))
    assert -100.0 <= low <= cell.points.mean <= high <= 100.0
    # never shorter than for independent answers
    assert low <= usual[0] + 1e-9
    assert high >= usual[1] - 1e-9


def test_nobody_and_a_single_customer() -> None:
    assert clustered.variance(Clusters()) is None
    assert clustered.design_effect(Clusters()) == 1.0
    alone = Clusters.of([[100.0, 0.0, 100.0, 100.0]])
    assert clustered.variance(alone) is None
    assert clustered.design_effect(alone) == 4.0
    assert intra_customer(alone, 300.0**2 / 4) is None
    usual = wilson(3, 4)
    assert widened(clustered.stretch(alone), 0.75, usual, 0.0, 1.0) == (0.0, 1.0)


def test_where_all_agree_customers_count_and_not_their_answers() -> None:
    tens = Clusters.of([[100.0] * 4] * 10)
    assert clustered.variance(tens) == 0.0
    assert clustered.design_effect(tens) == 4.0
    usual = wilson(40, 40)
    low, high = widened(clustered.stretch(tens), 1.0, usual, 0.0, 1.0)
    stretch = 2.0 * quantile(0.975, 9.0) / quantile(0.975, 39.0)
    assert (low, high) == (pytest.approx(1.0 - stretch * (1.0 - usual[0])), 1.0)


def test_intra_customer_correlation_by_hand() -> None:
    # anova of (1, 3), (5, 7), (9, 11): MSB = 64/2 = 32, MSW = 6/3 = 2, (32 - 2)/(32 + 2)
    groups = [[1.0, 3.0], [5.0, 7.0], [9.0, 11.0]]
    assert intra_customer(Clusters.of(groups), own_squares(groups)) == pytest.approx(30 / 34)
    same = [[1.0, 1.0], [5.0, 5.0], [2.0, 2.0, 2.0]]
    assert intra_customer(Clusters.of(same), own_squares(same)) == pytest.approx(1.0)
    opposed = [[0.0, 4.0], [0.0, 4.0], [4.0, 0.0]]
    assert intra_customer(Clusters.of(opposed), own_squares(opposed)) == pytest.approx(-1.0)


@pytest.mark.parametrize("groups", [[], [[1.0], [2.0]], [[3.0, 3.0], [3.0]], [[1.0, 2.0]]])
def test_without_a_second_answer_there_is_no_correlation(groups: list[list[float]]) -> None:
    assert intra_customer(Clusters.of(groups), own_squares(groups)) is None


@settings(max_examples=40)
@given(customers, customers)
def test_shards_add_up_and_cells_join(a: list[list[float]], b: list[list[float]]) -> None:
    assert Clusters.of(a) + Clusters.of(b) == Clusters.of(a + b)
    pairs = list(zip(a, b, strict=False))
    longer = a[len(pairs) :] + b[len(pairs) :]
    whole = Clusters.of([first + second for first, second in pairs] + longer)
    sides = ClusterColumns.of([Clusters.of(a)]), ClusterColumns.of([Clusters.of(b)])
    assert joined(*sides, SharedColumns.of([Shared.of(pairs)])).row(0) == whole


def simulated(
    rng: np.random.Generator, size: int, alike: float
) -> tuple[list[list[float]], list[list[float]]]:
    """Customers with geometric numbers of answers on a bad-to-good scale of four steps."""
    groups: list[list[float]] = []
    for _ in range(size):
        m = int(rng.geometric(0.3))
        mood = math.sqrt(alike) * rng.standard_normal()
        raw = mood + math.sqrt(1.0 - alike) * rng.standard_normal(m)
        groups.append([float(value) for value in np.digitize(raw, (-1.0, 0.0, 1.0))])
    return groups, [[value] for group in groups for value in group]


def test_the_interval_holds_the_truth_where_the_usual_one_does_not() -> None:
    rng = np.random.default_rng(4)
    held = usually = 0
    times = 200
    for _ in range(times):
        groups, _ = simulated(rng, 30, 0.6)
        cell = Clusters.of(groups)
        usual = bounded_mean(cell.points, 0.0, 3.0)
        low, high = widened(clustered.stretch(cell), cell.points.mean, usual, 0.0, 3.0)
        usually += usual[0] <= 1.5 <= usual[1]
        held += low <= 1.5 <= high
    assert usually / times < 0.82
    assert 0.91 <= held / times <= 0.985


def test_the_correlation_planted_is_the_correlation_found() -> None:
    rng = np.random.default_rng(5)
    groups, alone = simulated(rng, 3000, 0.6)
    found = intra_customer(Clusters.of(groups), own_squares(groups))
    assert found == pytest.approx(0.55, abs=0.06)  # cut into four steps, a little below 0.6
    assert intra_customer(Clusters.of(alone), own_squares(alone)) is None
    assert clustered.design_effect(Clusters.of(groups)) > 2.0


def test_answers_that_only_rounding_sets_apart_agree() -> None:
    cell = Clusters.of([[0.1, 0.1, 0.1], [0.1], [0.1, 0.1]])
    assert cell.points.deviations <= clustered.ALIKE * cell.points.squares
    assert clustered.design_effect(cell) == pytest.approx(14 / 6)
    assert Moments.of([0.1] * 6).n == cell.points.n
