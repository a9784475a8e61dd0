from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.statistics import student

# published tables of Student's t, two-sided 95% and 99%
TABLE = [
    (1, 0.975, 12.7062),
    (2, 0.975, 4.30265),
    (3, 0.975, 3.18245),
    (5, 0.975, 2.57058),
    (10, 0.975, 2.22814),
    (30, 0.975, 2.04227),
    (120, 0.975, 1.97993),
    (1, 0.995, 63.6567),
    (7, 0.995, 3.49948),
    (60, 0.995, 2.66028),
]


@pytest.mark.parametrize(("df", "probability", "t"), TABLE)
def test_quantiles_are_those_of_the_tables(df: int, probability: float, t: float) -> None:
    assert student.quantile(probability, float(df)) == pytest.approx(t, rel=2e-5)


def test_many_degrees_of_freedom_are_the_normal_distribution() -> None:
    assert student.quantile(0.975, 1e7) == pytest.approx(1.959964, abs=1e-5)
    assert student.quantile(0.975, 9e5) == pytest.approx(1.959964, abs=1e-5)


@given(st.floats(0.5001, 0.9995), st.floats(1.0, 5000.0))
def test_the_quantile_undoes_the_distribution(probability: float, df: float) -> None:
    assert student.cdf(student.quantile(probability, df), df) == pytest.approx(
        probability, abs=1e-9
    )


@given(st.sampled_from([0.9, 0.95, 0.975, 0.995]), st.floats(1.0, 9e5))
def test_the_curve_of_quantiles_goes_through_the_exact_ones(probability: float, df: float) -> None:
    exact = student.solved(probability, df)
    assert student.quantile(probability, df) == pytest.approx(exact, rel=1e-8)


@given(st.floats(-1e6, 1e6), st.floats(1.0, 1e5))
def test_the_distribution_is_symmetric_and_a_probability(t: float, df: float) -> None:
    assert 0.0 <= student.cdf(t, df) <= 1.0
    assert student.cdf(t, df) + student.cdf(-t, df) == pytest.approx(1.0, abs=1e-12)
