from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from one_difference import (
    Difference,
    correlation,
    difference,
    impact,
)

from feedback.statistics import impact as usual
from feedback.statistics.clustered import Clusters, Parted, Shared, variance
from feedback.statistics.intervals import bounded_mean, wilson
from feedback.statistics.metrics import POINTS, Metric
from feedback.statistics.sums import Moments

Groups = list[tuple[list[float], list[float]]]
NPS_POINTS = (-100.0, 0.0, 100.0)


def sums(groups: Groups) -> tuple[Clusters, Clusters, Shared]:
    """Customers by their points in a and their points in b."""
    return Clusters.of(a for a, _ in groups), Clusters.of(b for _, b in groups), Shared.of(groups)


def apart(a: list[float], b: list[float]) -> Groups:
    """Everybody answers once."""
    return [([value], []) for value in a] + [([], [value]) for value in b]


def plain_interval(metric: Metric, group: Moments) -> tuple[float, float]:
    """Of a share of satisfied answers, or of a mean."""
    if metric is not Metric.CSAT:
        return bounded_mean(group, *POINTS[metric])
    low, high = wilson(group.total / 100.0, group.n)
    return 100.0 * low, 100.0 * high


def plain_difference(metric: Metric, a: Moments, b: Moments) -> tuple[float, float]:
    """Newcombe's hybrid interval of two independent groups, written out."""
    (a_low, a_high), (b_low, b_high) = plain_interval(metric, a), plain_interval(metric, b)
    value = a.mean - b.mean
    low = value - math.hypot(a.mean - a_low, b_high - b.mean)
    return low, value + math.hypot(a_high - a.mean, b.mean - b_low)


points = st.lists(st.sampled_from(NPS_POINTS), min_size=5, max_size=60)
answers = st.lists(st.sampled_from(NPS_POINTS), max_size=4)


@pytest.mark.parametrize("metric", [Metric.NPS, Metric.CSAT])
@settings(max_examples=40)
@given(data=st.data())
def test_one_response_a_customer_gives_the_usual_impact_and_difference(
    metric: Metric, data: st.DataObject
) -> None:
    scores = points if metric is Metric.NPS else points.map(lambda xs: [max(0.0, x) for x in xs])
    cell, rest, shared = sums(apart(data.draw(scores), data.draw(scores)))
    found = impact(metric, Parted(cell, rest, shared))
    plain = usual.impact(metric, cell.points, cell.points + rest.points)
    assert (found.metric, found.n) == (plain.metric, plain.n)
    for name in ("value", "low", "high", "p"):
        assert getattr(found, name) == pytest.approx(getattr(plain, name), rel=1e-7, abs=1e-9)
    gap = difference(metric, cell, rest, shared)
    assert (gap.low, gap.high) == pytest.approx(
        plain_difference(metric, cell.points, rest.points), abs=1e-8
    )


def test_the_variance_of_a_difference_is_that_of_its_linearised_parts() -> None:
    groups: Groups = [
        ([100.0, 0.0], [100.0]),
        ([-100.0], [-100.0, 0.0]),
        ([100.0], []),
        ([], [0.0, 100.0]),
        ([0.0, 0.0], [100.0, 0.0]),
        ([100.0], [-100.0]),
    ]
    a, b, shared = sums(groups)
    n_a, n_b, r_a, r_b = a.points.n, b.points.n, a.points.mean, b.points.mean
    ga, gb = n_a**2 / 11, n_b**2 / 14
    first = [(sum(x) - r_a * len(x)) / n_a * math.sqrt(ga / (ga - 1)) for x, _ in groups]
    second = [(sum(y) - r_b * len(y)) / n_b * math.sqrt(gb / (gb - 1)) for _, y in groups]
    brute = sum((x - y) ** 2 for x, y in zip(first, second, strict=True))
    found = difference(Metric.NPS, a, b, shared)
    assert found.value == pytest.approx(r_a - r_b)
    assert found.variance == pytest.approx(brute)


def test_the_same_people_saying_the_same_again_is_no_difference_at_all() -> None:
    again: Groups = [([value], [value]) for value in (100.0, 0.0, -100.0, 100.0) * 5]
    a, b, shared = sums(again)
    assert correlation(a, b, shared) == pytest.approx(1.0)
    found = difference(Metric.NPS, a, b, shared)
    assert (found.value, found.variance) == (0.0, pytest.approx(0.0, abs=1e-9))
    # what is left is that the two sides' margins are not symmetric
    assert (found.low, found.high) == (pytest.approx(0.0, abs=2.0), pytest.approx(0.0, abs=2.0))
    strangers = difference(Metric.NPS, a, b, Shared())
    assert (strangers.low or 0.0) < -20.0


def test_the_same_people_tell_a_change_that_strangers_do_not() -> None:
    groups: Groups = [([0.0], [100.0])] * 6 + [([value], [value]) for value in NPS_POINTS * 8]
    a, b, shared = sums(groups)
    paired, strangers = (difference(Metric.NPS, a, b, s) for s in (shared, Shared()))
    assert paired.high is not None and strangers.high is not None
    assert paired.high < 0.0 < strangers.high


def test_too_few_customers_have_no_figure_however_often_they_answer() -> None:
    groups: Groups = [([0.0] * 10, [])] * 4 + [([], [100.0] * 10)] * 20
    a, b, shared = sums(groups)
    assert difference(Metric.NPS, a, b, shared) == Difference()
    found = impact(Metric.NPS, Parted(a, b, shared))
    assert (found.n, found.value, found.low, found.high, found.p) == (40, None, None, None, None)
    assert impact(Metric.NPS, Parted()).value is None


@settings(max_examples=60)
@given(st.lists(st.tuples(answers, answers), max_size=40))
def test_any_customers_give_a_finite_interval_around_the_impact(groups: Groups) -> None:
    a, b, shared = sums(groups)
    found, gap = impact(Metric.NPS, Parted(a, b, shared)), difference(Metric.NPS, a, b, shared)
    if min(a.customers, b.customers) < 5:
        assert (found.value, gap.value) == (None, None)
        return
    figures = (found.value, found.low, found.high, found.p, gap.value, gap.low, gap.high)
    value, low, high, p, between, least, most = (f for f in figures if f is not None)
    assert all(math.isfinite(figure) for figure in (low, high, least, most))
    assert low <= value <= high
    assert least <= between <= most
    assert 0.0 <= p <= 1.0
    assert -1.0 <= gap.correlation <= 1.0
    assert math.isfinite(gap.variance or 0.0)


def test_loud_customers_make_an_impact_less_certain() -> None:
    loud: Groups = [([-100.0] * 5, [100.0] * 5)] * 8 + [([], [100.0, 0.0])] * 60
    quiet: Groups = apart([-100.0] * 40, [100.0] * 100 + [0.0] * 60)
    one, other = (impact(Metric.NPS, Parted(*sums(one))) for one in (loud, quiet))
    assert one.value == pytest.approx(other.value)
    assert one.high is not None and other.high is not None
    assert one.p is not None and other.p is not None
    assert other.high < one.high < 0.0
    assert one.p > other.p


def sample(rng: np.random.Generator, size: int) -> Groups:
    """A quarter of responses complain, at no cost; both moods and complaints belong to people."""
    groups: Groups = []
    for _ in range(size):
        m = int(rng.geometric(0.3))
        mood, tongue = 0.8 * rng.standard_normal(2)
        scores = 100.0 * (np.digitize(mood + 0.6 * rng.standard_normal(m), (-1.0, 0.2)) - 1.0)
        said = tongue + 0.6 * rng.standard_normal(m) < -0.674
        groups.append((scores[said].tolist(), scores[~said].tolist()))
    return groups


def test_a_harmless_theme_of_people_who_answer_often_is_rarely_called_costly() -> None:
    rng = np.random.default_rng(6)
    held = ours = plain = 0
    times = 150
    for _ in range(times):
        cell, rest, shared = sums(sample(rng, 60))
        found = impact(Metric.NPS, Parted(cell, rest, shared))
        naive = usual.impact(Metric.NPS, cell.points, cell.points + rest.points)
        assert found.low is not None and found.high is not None and found.p is not None
        held += found.low <= 0.0 <= found.high
        ours += found.p < 0.025
        plain += (naive.p or 0.0) < 0.025
    assert held / times >= 0.93
    assert ours / times <= 0.045
    assert plain > 1.5 * ours


def test_identical_answers_on_one_side_bring_no_correlation() -> None:
    groups: Groups = [([100.0], [100.0]), ([100.0], [0.0])] * 4
    a, b, shared = sums(groups)
    assert variance(a) == 0.0
    assert correlation(a, b, shared) == 0.0
    assert difference(Metric.NPS, a, b, shared).value == 50.0
