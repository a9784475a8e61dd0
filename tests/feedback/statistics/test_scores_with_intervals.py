from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.statistics import scores
from feedback.statistics.intervals import bounded_mean, net_promoter, wilson
from feedback.statistics.metrics import Metric
from feedback.statistics.scores import Estimate
from feedback.statistics.sums import Moments, Tally

counts = st.integers(0, 400)


def check(estimate: Estimate, least: float, most: float) -> None:
    """No figure from too few; else finite, ordered, inside the scale, around its estimate."""
    figures = (estimate.value, estimate.low, estimate.high)
    if estimate.n < 5:
        assert figures == (None, None, None)
        assert estimate.small
        return
    value, low, high = (figure for figure in figures if figure is not None)
    assert all(math.isfinite(figure) for figure in (value, low, high))
    assert least <= low <= value <= high <= most
    assert low < high


def test_wilson_is_the_worked_example_of_newcombe() -> None:
    low, high = wilson(81, 263)  # Newcombe 1998, Statistics in Medicine 17:857
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    low, high = wilson(0, 20)
    assert (low, round(high, 4)) == (0.0, 0.1611)


def test_nps_adds_three_answers() -> None:
    # 100 answers: (60.75 - 15.75)/103 in the middle, its variance over 103
    low, high = net_promoter(60, 15, 100)
    up, down = 60.75 / 103, 15.75 / 103
    half = 1.959964 * math.sqrt((up + down - (up - down) ** 2) / 103)
    assert low == pytest.approx(100 * (up - down - half), abs=1e-4)
    assert high == pytest.approx(100 * (up - down + half), abs=1e-4)


@given(counts, counts, counts)
def test_nps_of_any_counts(promoters: int, passives: int, detractors: int) -> None:
    check(scores.nps(promoters, passives, detractors), -100.0, 100.0)


@given(counts, counts)
def test_shares_of_any_counts(good: int, bad: int) -> None:
    check(scores.csat(good, good + bad), 0.0, 100.0)
    check(scores.ces_easy(good, good + bad), 0.0, 100.0)


@given(st.lists(st.integers(1, 7), max_size=80))
def test_ces_of_any_answers(answers: list[int]) -> None:
    check(scores.ces(Moments.of(answers)), 1.0, 7.0)


@given(st.lists(st.floats(-1.0, 1.0), max_size=80))
def test_sentiment_of_any_comments(values: list[float]) -> None:
    check(scores.sentiment(Moments.of(values)), -1.0, 1.0)


def test_answers_that_all_agree_still_leave_a_width() -> None:
    assert scores.nps(30, 0, 0).value == 100.0
    assert (scores.nps(30, 0, 0).low or 0.0) < 95.0
    tens = scores.ces(Moments.of([7] * 30))
    assert tens.value == 7.0
    assert (tens.low or 0.0) < 7.0


@pytest.mark.parametrize("n", [0, 1, 4])
def test_too_few_answers_give_their_number_and_no_figure(n: int) -> None:
    assert scores.nps(n, 0, 0) == Estimate("nps", None, None, None, n, small=True)


def test_a_small_sample_is_marked_and_a_large_one_is_not() -> None:
    assert scores.csat(8, 10).small
    assert not scores.csat(24, 30).small


def test_more_answers_narrow_the_interval() -> None:
    few, many = scores.csat(80, 100), scores.csat(800, 1000)
    assert few.low is not None and few.high is not None
    assert many.low is not None and many.high is not None
    assert many.high - many.low < few.high - few.low


def test_a_mean_is_close_to_the_textbook_once_there_are_many() -> None:
    answers = Moments.of([1, 2, 3, 4, 5, 6, 7] * 200)
    low, high = bounded_mean(answers, 1.0, 7.0)
    half = 1.9617 * math.sqrt(answers.deviations / 1399 / 1400)
    assert (low, high) == pytest.approx((4.0 - half, 4.0 + half), abs=2e-3)


def test_each_metric_gives_its_headline_first() -> None:
    tally = Tally(top=30, bottom=6, answers=Moments.of([5, 4, 4, 3] * 10))
    names = {metric: [e.metric for e in scores.estimates(metric, tally)] for metric in Metric}
    assert names == {
        Metric.NPS: ["nps"],
        Metric.CSAT: ["csat", "csat_mean"],
        Metric.CES: ["ces", "ces_easy"],
    }
    assert scores.estimates(Metric.NPS, tally)[0].value == pytest.approx(60.0)
    assert scores.estimates(Metric.CSAT, tally)[0].value == pytest.approx(75.0)
    assert scores.estimates(Metric.CSAT, tally)[1].value == pytest.approx(4.0)
