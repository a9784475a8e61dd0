"""What an experiment shows of its variants."""

from __future__ import annotations

import pytest
from scipy.stats import chi2

from feedback.experiments.outcomes import Outcome
from feedback.experiments.results import Measure, chi_squared_tail, leader, results
from feedback.experiments.sequential import Sample
from feedback.statistics.metrics import Metric


def outcome(given: int, completed: int, left: int = 0, **points: Sample) -> Outcome:
    return Outcome(given, given, completed, completed, left, points)


def test_the_control_is_compared_with_nothing() -> None:
    found = results(["a", "b"], [1, 1], [outcome(900, 300), outcome(900, 420)])
    control, variant = found.standings
    assert {one.difference for one in control.compared} == {None}
    completed = variant.compared[0]
    assert completed.measure is Measure.COMPLETED
    assert completed.value == pytest.approx(420 / 900)
    assert completed.difference is not None and completed.difference.low > 0
    assert leader(found) == {Measure.ANSWERED: "b", Measure.COMPLETED: "b"}


def test_fewer_who_leave_is_the_better_variant() -> None:
    found = results(["a", "b"], [1, 1], [outcome(3000, 900, 150), outcome(3000, 900, 40)])
    assert leader(found) == {Measure.LEFT: "b"}
    mirrored = results(["a", "b"], [1, 1], [outcome(3000, 900, 40), outcome(3000, 900, 150)])
    assert leader(mirrored) == {}


def test_several_variants_share_the_five_percent() -> None:
    one, other = outcome(2000, 600), outcome(2000, 680)
    alone = results(["a", "b"], [1, 1], [one, other]).standings[1].compared[0].difference
    among = results(["a", "b", "c"], [1, 1, 1], [one, other, one]).standings[1]
    together = among.compared[0].difference
    assert alone is not None and together is not None
    assert together.low < alone.low < alone.high < together.high


def test_the_score_is_the_one_most_gave() -> None:
    nps, csat = Sample(80, 800.0, 500_000.0), Sample(20, 1500.0, 150_000.0)
    found = results(
        ["a", "b"],
        [1, 1],
        [outcome(100, 90, nps=nps, csat=csat), outcome(100, 90, nps=nps, csat=csat)],
    )
    assert found.metric is Metric.NPS
    scores = [one.compared[-1] for one in found.standings]
    assert [(one.measure, one.n) for one in scores] == [(Measure.LEFT, 100)] * 2
    assert found.standings[0].compared[2].value == pytest.approx(10.0)


def test_without_anybody_there_is_nothing_to_say() -> None:
    found = results(["a", "b"], [1, 1], [Outcome(), Outcome()])
    assert (found.metric, found.uneven) == (None, None)
    assert {one.value for standing in found.standings for one in standing.compared} == {None}
    assert leader(found) == {}


def test_a_division_that_the_hash_would_not_make_is_told() -> None:
    assert results(["a", "b"], [1, 1], [outcome(1000, 9), outcome(1200, 9)]).uneven is not None
    assert results(["a", "b"], [1, 1], [outcome(1000, 9), outcome(1050, 9)]).uneven is None
    assert results(["a", "b"], [3, 1], [outcome(3000, 9), outcome(1010, 9)]).uneven is None


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("value", [0.1, 3.0, 25.0])
def test_the_tail_is_that_of_chi_squared(value: float, freedom: int) -> None:
    assert chi_squared_tail(value, freedom) == pytest.approx(chi2.sf(value, freedom), rel=1e-9)
